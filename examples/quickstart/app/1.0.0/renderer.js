// React on a screen of text lines: the smallest host that runs hooks, effects and error paths for real.
import createReconciler from 'react-reconciler';
import { ConcurrentRoot, DefaultEventPriority, NoEventPriority } from 'react-reconciler/constants.js';

let updatePriority = NoEventPriority;

const append = (parent, child) => {
  parent.children.push(child);
};
const remove = (parent, child) => {
  parent.children.splice(parent.children.indexOf(child), 1);
};
const insertBefore = (parent, child, before) => {
  const at = parent.children.indexOf(child);
  if (at >= 0) parent.children.splice(at, 1);
  parent.children.splice(parent.children.indexOf(before), 0, child);
};
const nothing = () => {};
const no = () => false;

const reconciler = createReconciler({
  NotPendingTransition: null,
  HostTransitionContext: { $$typeof: Symbol.for('react.context'), _currentValue: null, _currentValue2: null },
  supportsMutation: true,
  supportsPersistence: false,
  supportsHydration: false,
  isPrimaryRenderer: true,
  noTimeout: -1,
  scheduleTimeout: setTimeout,
  cancelTimeout: clearTimeout,
  createInstance: (type, props) => ({ children: [], props, type }),
  createTextInstance: (text) => ({ text }),
  appendInitialChild: append,
  appendChild: append,
  appendChildToContainer: append,
  insertBefore,
  insertInContainerBefore: insertBefore,
  removeChild: remove,
  removeChildFromContainer: remove,
  clearContainer: (container) => {
    container.children = [];
  },
  commitTextUpdate: (instance, _before, text) => {
    instance.text = text;
  },
  commitUpdate: (instance, _type, _before, props) => {
    instance.props = props;
  },
  finalizeInitialChildren: no,
  shouldSetTextContent: no,
  getRootHostContext: () => ({}),
  getChildHostContext: (context) => context,
  getPublicInstance: (instance) => instance,
  prepareForCommit: () => null,
  resetAfterCommit: nothing,
  preparePortalMount: nothing,
  detachDeletedInstance: nothing,
  beforeActiveInstanceBlur: nothing,
  afterActiveInstanceBlur: nothing,
  prepareScopeUpdate: nothing,
  getInstanceFromNode: () => null,
  getInstanceFromScope: () => null,
  setCurrentUpdatePriority: (priority) => {
    updatePriority = priority;
  },
  getCurrentUpdatePriority: () => updatePriority,
  resolveUpdatePriority: () => updatePriority || DefaultEventPriority,
  resolveEventType: () => null,
  resolveEventTimeStamp: () => -1.1,
  shouldAttemptEagerTransition: no,
  trackSchedulerEvent: nothing,
  requestPostPaintCallback: nothing,
  maySuspendCommit: no,
  maySuspendCommitOnUpdate: no,
  maySuspendCommitInSyncRender: no,
  preloadInstance: () => true,
  startSuspendingCommit: nothing,
  suspendInstance: nothing,
  waitForCommitToBeReady: () => null,
  getSuspendedCommitReason: () => null,
  resetFormInstance: nothing,
});

const draw = (node) => {
  if (node.text !== undefined) return node.text;
  const inner = node.children.map((child) => draw(child));
  if (node.type === 'line') return `${inner.join('')}\n`;
  if (node.type === 'image') return `[${node.props.source}]`;
  if (node.type === 'box') return inner.map((line) => `  ${line}`).join('');
  return inner.join('');
};

/** Mounts `element` and gives its screen; errors that no component caught go to `onError`. */
export function render(element, { onFirstContent, onError }) {
  const container = { children: [], type: 'root' };
  const root = reconciler.createContainer(
    container,
    ConcurrentRoot,
    null,
    false,
    null,
    'app',
    onError,
    nothing,
    nothing,
    nothing,
  );
  reconciler.updateContainerSync(element, root, null, () => {
    onFirstContent();
  });
  reconciler.flushSyncWork();
  reconciler.flushPassiveEffects();
  return { screen: () => draw(container) };
}
