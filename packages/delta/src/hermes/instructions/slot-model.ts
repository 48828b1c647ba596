/**
 * Slots of environments, and places in objects and arrays that are being filled. A scope that gets one more variable moves all that
 * follow, where they are stored and in the functions inside; what is stored anew is stored one after the other.
 */
export interface SlotModel {
  /** How what is in a register was made. */
  readonly how: Int32Array;
  /** The last slot of what is in a register. */
  readonly last: Int32Array;
  /** What the old slot became in the environment that the register holds. */
  moved(register: number, old: number): number;
  /** Learns a slot of an environment. `old`: the one in its place. */
  note(register: number, old: number, slot: number): void;
}

/** Slots below, whose move a slot may share. A bound on the work of one instruction. */
const NEAR = 255;

export function createSlotModel(): SlotModel {
  /** From old slot to new one. Scopes share it: those that changed are few, and near each other. */
  const moves = new Map<number, number>();
  /** Whether slots of environments that were made in a way stay. */
  const habits = new Map<number, boolean>();
  const how = new Int32Array(256);

  const follow = (old: number): number => {
    for (let off = 0; off <= NEAR; off++) {
      const to = moves.get(old - off);
      if (to !== undefined) return to + off;
    }
    return old;
  };
  const moved = (register: number, old: number): number => (habits.get(how[register]) ? old : follow(old));

  return {
    how,
    last: new Int32Array(256),
    moved,
    note: (register, old, slot) => {
      const stays = slot === old;
      const to = follow(old);
      if (to !== old && (stays || slot === to)) habits.set(how[register], stays);
      if (!stays || !habits.get(how[register])) moves.set(old, slot);
    },
  };
}
