"use strict";

// packages/client-react-native/test/react/hooks.jest.ts
var import_react5 = require("react");
var import_react_native = require("react-native");
var import_react_test_renderer = require("react-test-renderer");

// packages/client-react-native/src/react/ota-gate.ts
var import_react4 = require("react");

// packages/client-react-native/src/platform/use-elapsed.ts
var import_react = require("react");
function useElapsed(ms) {
  const [isOver, setOver] = (0, import_react.useState)(false);
  (0, import_react.useEffect)(() => {
    setOver(false);
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isOver;
}

// packages/client-react-native/src/react/use-ota.ts
var import_react3 = require("react");

// packages/client-react-native/src/react/ota-context.ts
var import_react2 = require("react");
var OtaContext = (0, import_react2.createContext)(void 0);
function OtaProvider({
  ota,
  children
}) {
  (0, import_react2.useEffect)(() => {
    ota.start().catch(() => void 0);
    return () => ota.stop();
  }, [ota]);
  return (0, import_react2.createElement)(OtaContext.Provider, { value: ota }, children);
}

// packages/client-react-native/src/react/use-ota.ts
function useOta(select) {
  const ota = useOtaActions();
  const read2 = () => select === void 0 ? ota.getState() : select(ota.getState());
  return (0, import_react3.useSyncExternalStore)(ota.subscribe, read2, read2);
}
function useOtaActions() {
  const ota = (0, import_react3.useContext)(OtaContext);
  if (ota === void 0) throw new TypeError("useOta: there is no OtaProvider above this component");
  return ota;
}

// packages/client-react-native/src/react/ota-gate.ts
function OtaGate({
  children,
  fallback,
  timeoutMs = 3e4,
  waitForCheck = false
}) {
  const ota = useOtaActions();
  const phase = useOta(selectPhase);
  const hasChecked = useOta(selectHasChecked);
  const isLate = useElapsed(timeoutMs);
  const [isStuck, setStuck] = (0, import_react4.useState)(false);
  const isHeld = !isLate && !isStuck && (isMandatory(phase) || waitForCheck && !hasChecked && phase.kind !== "error");
  const isDue = isHeld && phase.kind === "ready";
  (0, import_react4.useEffect)(() => {
    if (isDue) ota.restart().catch(() => setStuck(true));
  }, [isDue, ota]);
  return (0, import_react4.createElement)(import_react4.Fragment, null, isHeld ? fallback(phase) : children);
}
var selectPhase = ({ phase }) => phase;
var selectHasChecked = ({ lastCheckMs }) => lastCheckMs !== void 0;
function isMandatory(phase) {
  return phase.kind === "restarting" || "release" in phase && phase.release.mandatory;
}

// packages/core/src/base64url.ts
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
function bytesToBase64url(bytes) {
  let out = "";
  for (let i2 = 0; i2 < bytes.length; i2 += 3) {
    const left = bytes.length - i2;
    const word = bytes[i2] << 16 | (left > 1 ? bytes[i2 + 1] : 0) << 8 | (left > 2 ? bytes[i2 + 2] : 0);
    out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt(word >> 12 & 63);
    if (left > 1) out += ALPHABET.charAt(word >> 6 & 63);
    if (left > 2) out += ALPHABET.charAt(word & 63);
  }
  return out;
}
function base64urlToBytes(text2) {
  const tail = text2.length % 4;
  if (tail === 1) throw new RangeError(`base64urlToBytes: impossible length ${text2.length}`);
  const out = new Uint8Array(Math.floor(text2.length * 3 / 4));
  let bits2 = 0;
  let word = 0;
  let offset = 0;
  for (let i2 = 0; i2 < text2.length; i2++) {
    const value = ALPHABET.indexOf(text2.charAt(i2));
    if (value < 0) throw new RangeError(`base64urlToBytes: character at index ${i2} is not in the alphabet`);
    word = (word << 6 | value) & 16777215;
    bits2 += 6;
    if (bits2 >= 8) {
      bits2 -= 8;
      out[offset++] = word >> bits2 & 255;
    }
  }
  if ((word & (1 << bits2) - 1) !== 0) throw new RangeError("base64urlToBytes: left-over bits are not zero");
  return out;
}

// packages/core/src/bytes.ts
function isBytes(value) {
  return value instanceof Uint8Array || ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}
function concatBytes(...parts) {
  let length = 0;
  for (const part2 of parts) length += part2.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part2 of parts) {
    out.set(part2, offset);
    offset += part2.length;
  }
  return out;
}
function equalBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let i2 = 0; i2 < a.length; i2++) if (a[i2] !== b[i2]) return false;
  return true;
}

// packages/core/src/error.ts
var OtaError = class extends Error {
  name = "OtaError";
  code;
  retryable;
  details;
  constructor(code, message, options2 = {}) {
    super(message);
    this.code = code;
    this.retryable = options2.retryable ?? false;
    this.details = options2.details ?? {};
    if (options2.cause !== void 0) this.cause = options2.cause;
  }
};
function isOtaError(value, code) {
  if (!(value instanceof Error) || value.name !== "OtaError") return false;
  const actual = value.code;
  return typeof actual === "string" && (code === void 0 || actual === code);
}

// packages/core/src/hex.ts
var DIGITS = "0123456789abcdef";
function bytesToHex(bytes) {
  if (!isBytes(bytes)) throw new TypeError(`bytesToHex: expected a Uint8Array, got ${typeof bytes}`);
  let out = "";
  for (let i2 = 0; i2 < bytes.length; i2++) {
    const byte = bytes[i2];
    out += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  }
  return out;
}
function hexToBytes(hex) {
  if (hex.length % 2 !== 0) throw new RangeError(`hexToBytes: odd length ${hex.length}`);
  const out = new Uint8Array(hex.length / 2);
  for (let i2 = 0; i2 < out.length; i2++) {
    out[i2] = digit(hex, 2 * i2) << 4 | digit(hex, 2 * i2 + 1);
  }
  return out;
}
function digit(hex, index) {
  const code = hex.charCodeAt(index);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  throw new RangeError(`hexToBytes: no hex digit at index ${index}`);
}
function isSha256Hex(value) {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

// packages/core/src/utf8.ts
function utf8ToBytes(text2) {
  let length = 0;
  for (let i2 = 0; i2 < text2.length; i2++) {
    const unit = text2.charCodeAt(i2);
    if (unit < 128) length += 1;
    else if (unit < 2048) length += 2;
    else if (unit < 55296 || unit > 57343) length += 3;
    else {
      const next2 = text2.charCodeAt(i2 + 1);
      if (unit > 56319 || !(next2 >= 56320 && next2 <= 57343)) {
        throw new RangeError(`utf8ToBytes: lone surrogate at index ${i2}`);
      }
      length += 4;
      i2++;
    }
  }
  const out = new Uint8Array(length);
  let offset = 0;
  for (let i2 = 0; i2 < text2.length; i2++) {
    const point = text2.codePointAt(i2);
    if (point < 128) {
      out[offset++] = point;
    } else if (point < 2048) {
      out[offset++] = 192 | point >> 6;
      out[offset++] = 128 | point & 63;
    } else if (point < 65536) {
      out[offset++] = 224 | point >> 12;
      out[offset++] = 128 | point >> 6 & 63;
      out[offset++] = 128 | point & 63;
    } else {
      out[offset++] = 240 | point >> 18;
      out[offset++] = 128 | point >> 12 & 63;
      out[offset++] = 128 | point >> 6 & 63;
      out[offset++] = 128 | point & 63;
      i2++;
    }
  }
  return out;
}
function bytesToUtf8(bytes) {
  let out = "";
  let i2 = 0;
  while (i2 < bytes.length) {
    const first = bytes[i2];
    if (first < 128) {
      out += String.fromCharCode(first);
      i2++;
      continue;
    }
    const size = first >= 194 && first <= 223 ? 2 : first >= 224 && first <= 239 ? 3 : first >= 240 && first <= 244 ? 4 : 0;
    if (size === 0 || i2 + size > bytes.length) throw new RangeError(`bytesToUtf8: malformed at byte ${i2}`);
    let point = first & 255 >> size + 1;
    for (let k = 1; k < size; k++) {
      const next2 = bytes[i2 + k];
      if ((next2 & 192) !== 128) throw new RangeError(`bytesToUtf8: malformed at byte ${i2 + k}`);
      point = point << 6 | next2 & 63;
    }
    const overlong = size === 3 && point < 2048 || size === 4 && point < 65536;
    if (overlong || point >= 55296 && point <= 57343 || point > 1114111) {
      throw new RangeError(`bytesToUtf8: malformed at byte ${i2}`);
    }
    out += String.fromCodePoint(point);
    i2 += size;
  }
  return out;
}

// node_modules/.pnpm/cbor-x@1.6.9/node_modules/cbor-x/decode.js
var decoder;
try {
  decoder = new TextDecoder();
} catch (error) {
}
var src;
var srcEnd;
var position = 0;
var EMPTY_ARRAY = [];
var LEGACY_RECORD_INLINE_ID = 105;
var RECORD_DEFINITIONS_ID = 57342;
var RECORD_INLINE_ID = 57343;
var BUNDLED_STRINGS_ID = 57337;
var PACKED_REFERENCE_TAG_ID = 6;
var maxArraySize = 11281e4;
var maxMapSize = 1681e4;
var maxObjectSize = 1671e4;
var objectSizeLimit = maxObjectSize;
var strings = EMPTY_ARRAY;
var stringPosition = 0;
var currentDecoder = {};
var currentStructures;
var srcString;
var srcStringStart = 0;
var srcStringEnd = 0;
var bundledStrings;
var referenceMap;
var currentExtensions = [];
var currentExtensionRanges = [];
var packedValues;
var dataView;
var restoreMapsAsObject;
var defaultOptions = {
  useRecords: false,
  mapsAsObjects: true
};
var sequentialMode = false;
var inlineObjectReadThreshold = 2;
try {
  new Function("");
} catch (error) {
  inlineObjectReadThreshold = Infinity;
}
var Decoder = class _Decoder {
  constructor(options2) {
    if (options2) {
      if ((options2.keyMap || options2._keyMap) && !options2.useRecords) {
        options2.useRecords = false;
        options2.mapsAsObjects = true;
      }
      if (options2.useRecords === false && options2.mapsAsObjects === void 0)
        options2.mapsAsObjects = true;
      if (options2.getStructures)
        options2.getShared = options2.getStructures;
      if (options2.getShared && !options2.structures)
        (options2.structures = []).uninitialized = true;
      if (options2.keyMap) {
        this.mapKey = /* @__PURE__ */ new Map();
        for (let [k, v] of Object.entries(options2.keyMap)) this.mapKey.set(v, k);
      }
    }
    Object.assign(this, options2);
  }
  /*
  decodeKey(key) {
  	return this.keyMap
  		? Object.keys(this.keyMap)[Object.values(this.keyMap).indexOf(key)] || key
  		: key
  }
  */
  decodeKey(key) {
    return this.keyMap ? this.mapKey.get(key) || key : key;
  }
  encodeKey(key) {
    return this.keyMap && this.keyMap.hasOwnProperty(key) ? this.keyMap[key] : key;
  }
  encodeKeys(rec) {
    if (!this._keyMap) return rec;
    let map = /* @__PURE__ */ new Map();
    for (let [k, v] of Object.entries(rec)) map.set(this._keyMap.hasOwnProperty(k) ? this._keyMap[k] : k, v);
    return map;
  }
  decodeKeys(map) {
    if (!this._keyMap || map.constructor.name != "Map") return map;
    if (!this._mapKey) {
      this._mapKey = /* @__PURE__ */ new Map();
      for (let [k, v] of Object.entries(this._keyMap)) this._mapKey.set(v, k);
    }
    let res = {};
    map.forEach((v, k) => res[safeKey(this._mapKey.has(k) ? this._mapKey.get(k) : k)] = v);
    return res;
  }
  mapDecode(source, end) {
    let res = this.decode(source);
    if (this._keyMap) {
      switch (res.constructor.name) {
        case "Array":
          return res.map((r) => this.decodeKeys(r));
      }
    }
    return res;
  }
  decode(source, end) {
    if (src) {
      return saveState(() => {
        clearSource();
        return this ? this.decode(source, end) : _Decoder.prototype.decode.call(defaultOptions, source, end);
      });
    }
    srcEnd = end > -1 && end < source.length ? end : source.length;
    position = 0;
    stringPosition = 0;
    srcStringEnd = 0;
    srcString = null;
    strings = EMPTY_ARRAY;
    bundledStrings = null;
    src = source;
    try {
      dataView = source.dataView || (source.dataView = new DataView(source.buffer, source.byteOffset, source.byteLength));
    } catch (error) {
      src = null;
      if (source instanceof Uint8Array)
        throw error;
      throw new Error("Source must be a Uint8Array or Buffer but was a " + (source && typeof source == "object" ? source.constructor.name : typeof source));
    }
    if (this instanceof _Decoder) {
      currentDecoder = this;
      packedValues = this.sharedValues && (this.pack ? new Array(this.maxPrivatePackedValues || 16).concat(this.sharedValues) : this.sharedValues);
      if (this.structures) {
        currentStructures = this.structures;
        return checkedRead();
      } else if (!currentStructures || currentStructures.length > 0) {
        currentStructures = [];
      }
    } else {
      currentDecoder = defaultOptions;
      if (!currentStructures || currentStructures.length > 0)
        currentStructures = [];
      packedValues = null;
    }
    return checkedRead();
  }
  decodeMultiple(source, forEach) {
    if (src) {
      return saveState(() => {
        clearSource();
        return this ? this.decodeMultiple(source, forEach) : defaultDecoder.decodeMultiple(source, forEach);
      });
    }
    let values, lastPosition = 0;
    try {
      let size = source.length;
      sequentialMode = true;
      let value = this ? this.decode(source, size) : defaultDecoder.decode(source, size);
      if (forEach) {
        let end = position;
        if (forEach(value) === false) {
          return;
        }
        while (end < size) {
          lastPosition = end;
          value = checkedRead();
          end = position;
          if (forEach(value) === false) {
            return;
          }
        }
      } else {
        values = [value];
        while (position < size) {
          lastPosition = position;
          values.push(checkedRead());
        }
        return values;
      }
    } catch (error) {
      if (error && (typeof error == "object" || typeof error == "function")) {
        error.lastPosition = lastPosition;
        error.values = values;
      }
      throw error;
    } finally {
      sequentialMode = false;
      clearSource();
    }
  }
};
var nestedDecodeErrors = /* @__PURE__ */ new WeakSet();
var arrayAllocationBudget;
function checkedRead() {
  try {
    arrayAllocationBudget = srcEnd - position;
    let result = read();
    if (bundledStrings) {
      if (position >= bundledStrings.postBundlePosition)
        throw new Error("Unexpected bundle position");
      position = bundledStrings.postBundlePosition;
      bundledStrings = null;
    }
    if (position == srcEnd) {
      currentStructures = null;
      src = null;
      if (referenceMap)
        referenceMap = null;
    } else if (position > srcEnd) {
      let error = new Error("Unexpected end of CBOR data");
      error.incomplete = true;
      throw error;
    } else if (!sequentialMode) {
      throw new Error("Data read, but end of buffer not reached");
    }
    return result;
  } catch (error) {
    clearSource();
    if (nestedDecodeErrors.has(error)) {
      if (error.incomplete)
        error.incomplete = false;
    } else if (error instanceof RangeError && position + 8 > srcEnd || error && typeof error.message == "string" && error.message.startsWith("Unexpected end of buffer")) {
      error.incomplete = true;
    }
    throw error;
  }
}
function readBreak() {
  if (position < srcEnd && src[position] === 255) {
    position++;
    return true;
  }
  return false;
}
function endOfCBORError(neededEnd) {
  let error = new Error("Unexpected end of CBOR data");
  error.incomplete = true;
  if (neededEnd)
    error.neededEnd = neededEnd;
  return error;
}
function read() {
  if (!(position < srcEnd)) throw endOfCBORError();
  let token = src[position++];
  let majorType = token >> 5;
  token = token & 31;
  if (token > 23) {
    switch (token) {
      case 24:
        if (position >= srcEnd) throw endOfCBORError();
        token = src[position++];
        break;
      case 25:
        if (majorType == 7) {
          return getFloat16();
        }
        token = dataView.getUint16(position);
        position += 2;
        break;
      case 26:
        if (majorType == 7) {
          let value = dataView.getFloat32(position);
          if (currentDecoder.useFloat32 > 2) {
            let multiplier = mult10[(src[position] & 127) << 1 | src[position + 1] >> 7];
            position += 4;
            return (multiplier * value + (value > 0 ? 0.5 : -0.5) >> 0) / multiplier;
          }
          position += 4;
          return value;
        }
        token = dataView.getUint32(position);
        position += 4;
        if (majorType === 1) return -1 - token;
        break;
      case 27:
        if (majorType == 7) {
          let value = dataView.getFloat64(position);
          position += 8;
          return value;
        }
        if (majorType > 1) {
          if (dataView.getUint32(position) > 0)
            throw new Error("JavaScript does not support arrays, maps, or strings with length over 4294967295");
          token = dataView.getUint32(position + 4);
        } else if (currentDecoder.int64AsNumber) {
          token = dataView.getUint32(position) * 4294967296;
          token += dataView.getUint32(position + 4);
          position += 8;
          if (majorType === 1) return -1 - token;
          break;
        } else token = dataView.getBigUint64(position);
        position += 8;
        break;
      case 31:
        switch (majorType) {
          case 2:
          // byte string
          case 3:
            throw new Error("Indefinite length not supported for byte or text strings");
          case 4:
            let array2 = [];
            let i2 = 0;
            while (!readBreak()) {
              if (i2 >= maxArraySize) throw new Error(`Array length exceeds ${maxArraySize}`);
              array2[i2++] = read();
            }
            return majorType == 4 ? array2 : majorType == 3 ? array2.join("") : Buffer.concat(array2);
          case 5:
            let key;
            if (currentDecoder.mapsAsObjects) {
              let object = {};
              let i3 = 0;
              if (currentDecoder.keyMap) {
                while (!readBreak()) {
                  key = read();
                  if (i3++ >= objectSizeLimit) throw new Error(`Property count exceeds ${objectSizeLimit}`);
                  object[safeKey(currentDecoder.decodeKey(key))] = read();
                }
              } else {
                while (!readBreak()) {
                  key = read();
                  if (i3++ >= objectSizeLimit) throw new Error(`Property count exceeds ${objectSizeLimit}`);
                  object[safeKey(key)] = read();
                }
              }
              return object;
            } else {
              if (restoreMapsAsObject) {
                currentDecoder.mapsAsObjects = true;
                restoreMapsAsObject = false;
              }
              let map = /* @__PURE__ */ new Map();
              if (currentDecoder.keyMap) {
                let i3 = 0;
                while (!readBreak()) {
                  key = read();
                  if (i3++ >= maxMapSize) {
                    throw new Error(`Map size exceeds ${maxMapSize}`);
                  }
                  map.set(currentDecoder.decodeKey(key), read());
                }
              } else {
                let i3 = 0;
                while (!readBreak()) {
                  key = read();
                  if (i3++ >= maxMapSize) {
                    throw new Error(`Map size exceeds ${maxMapSize}`);
                  }
                  map.set(key, read());
                }
              }
              return map;
            }
          case 7:
            throw new Error("Unexpected break stop code outside of an indefinite-length item");
          default:
            throw new Error("Invalid major type for indefinite length " + majorType);
        }
      default:
        throw new Error("Unknown token " + token);
    }
  }
  switch (majorType) {
    case 0:
      return token;
    case 1:
      return ~token;
    case 2:
      if (token > srcEnd - position) throw endOfCBORError(position + token);
      return readBin(token);
    case 3:
      if (srcStringEnd >= position) {
        return srcString.slice(position - srcStringStart, (position += token) - srcStringStart);
      }
      if (token > srcEnd - position) throw endOfCBORError(position + token);
      if (srcStringEnd == 0 && srcEnd < 140 && token < 32) {
        let string2 = token < 16 ? shortStringInJS(token) : longStringInJS(token);
        if (string2 != null)
          return string2;
      }
      return readFixedString(token);
    case 4:
      if (token > maxArraySize) throw new Error(`Array length exceeds ${maxArraySize}`);
      if (token > srcEnd - position || (arrayAllocationBudget -= token) < 0) throw endOfCBORError(position + token);
      let array2 = new Array(token);
      for (let i2 = 0; i2 < token; i2++) array2[i2] = read();
      return array2;
    case 5:
      if (currentDecoder.mapsAsObjects) {
        if (token > objectSizeLimit) throw new Error(`Property count exceeds ${objectSizeLimit}`);
        if (token > (srcEnd - position) / 2) throw endOfCBORError(position + 2 * token);
        let object = {};
        if (currentDecoder.keyMap) for (let i2 = 0; i2 < token; i2++) object[safeKey(currentDecoder.decodeKey(read()))] = read();
        else for (let i2 = 0; i2 < token; i2++) object[safeKey(read())] = read();
        return object;
      } else {
        if (restoreMapsAsObject) {
          currentDecoder.mapsAsObjects = true;
          restoreMapsAsObject = false;
        }
        if (token > maxMapSize) throw new Error(`Map size exceeds ${maxMapSize}`);
        if (token > (srcEnd - position) / 2) throw endOfCBORError(position + 2 * token);
        let map = /* @__PURE__ */ new Map();
        if (currentDecoder.keyMap) for (let i2 = 0; i2 < token; i2++) map.set(currentDecoder.decodeKey(read()), read());
        else for (let i2 = 0; i2 < token; i2++) map.set(read(), read());
        return map;
      }
    case 6:
      if (token >= BUNDLED_STRINGS_ID) {
        let structure = currentStructures[token & 8191];
        if (structure) {
          if (!structure.read) structure.read = createStructureReader(structure);
          return structure.read();
        }
        if (token < 65536) {
          if (token == RECORD_INLINE_ID) {
            let length = readJustLength();
            let id = read();
            let structure2 = read();
            recordDefinition(id, structure2);
            let object = {};
            if (currentDecoder.keyMap) for (let i2 = 2; i2 < length; i2++) {
              let key = currentDecoder.decodeKey(structure2[i2 - 2]);
              object[safeKey(key)] = read();
            }
            else for (let i2 = 2; i2 < length; i2++) {
              let key = structure2[i2 - 2];
              object[safeKey(key)] = read();
            }
            return object;
          } else if (token == RECORD_DEFINITIONS_ID) {
            let length = readJustLength();
            let id = read();
            for (let i2 = 2; i2 < length; i2++) {
              recordDefinition(id++, read());
            }
            return read();
          } else if (token == BUNDLED_STRINGS_ID) {
            return readBundleExt();
          }
          if (currentDecoder.getShared) {
            loadShared();
            structure = currentStructures[token & 8191];
            if (structure) {
              if (!structure.read)
                structure.read = createStructureReader(structure);
              return structure.read();
            }
          }
        }
      }
      let extension = currentExtensions[token];
      if (extension) {
        if (extension.handlesRead)
          return extension(read);
        else
          return extension(read());
      } else {
        let input = read();
        for (let i2 = 0; i2 < currentExtensionRanges.length; i2++) {
          let value = currentExtensionRanges[i2](token, input);
          if (value !== void 0)
            return value;
        }
        return new Tag(input, token);
      }
    case 7:
      switch (token) {
        case 20:
          return false;
        case 21:
          return true;
        case 22:
          return null;
        case 23:
          return;
        // undefined
        case 31:
        default:
          let packedValue = (packedValues || getPackedValues())[token];
          if (packedValue !== void 0)
            return packedValue;
          throw new Error("Unknown token " + token);
      }
    default:
      if (isNaN(token)) throw endOfCBORError();
      throw new Error("Unknown CBOR token " + token);
  }
}
var validName = /^[a-zA-Z_$][a-zA-Z\d_$]*$/;
function createStructureReader(structure) {
  if (!structure) throw new Error("Structure is required in record definition");
  function readObject() {
    let length = src[position++];
    length = length & 31;
    if (length > 23) {
      switch (length) {
        case 24:
          length = src[position++];
          break;
        case 25:
          length = dataView.getUint16(position);
          position += 2;
          break;
        case 26:
          length = dataView.getUint32(position);
          position += 4;
          break;
        default:
          throw new Error("Expected array header, but got " + src[position - 1]);
      }
    }
    let compiledReader = this.compiledReader;
    while (compiledReader) {
      if (compiledReader.propertyCount === length)
        return compiledReader(read);
      compiledReader = compiledReader.next;
    }
    if (this.slowReads++ >= inlineObjectReadThreshold) {
      let array2 = this.length == length ? this : this.slice(0, length);
      compiledReader = currentDecoder.keyMap ? new Function("r", "return {" + array2.map((k) => currentDecoder.decodeKey(k)).map((k) => validName.test(k) ? safeKey(k) + ":r()" : "[" + JSON.stringify(k) + "]:r()").join(",") + "}") : new Function("r", "return {" + array2.map((key) => validName.test(key) ? safeKey(key) + ":r()" : "[" + JSON.stringify(key) + "]:r()").join(",") + "}");
      if (this.compiledReader)
        compiledReader.next = this.compiledReader;
      compiledReader.propertyCount = length;
      this.compiledReader = compiledReader;
      return compiledReader(read);
    }
    let object = {};
    if (currentDecoder.keyMap) for (let i2 = 0; i2 < length; i2++) object[safeKey(currentDecoder.decodeKey(this[i2]))] = read();
    else for (let i2 = 0; i2 < length; i2++) {
      object[safeKey(this[i2])] = read();
    }
    return object;
  }
  structure.slowReads = 0;
  return readObject;
}
function safeKey(key) {
  if (typeof key === "string") return key === "__proto__" ? "__proto_" : key;
  if (typeof key === "number" || typeof key === "boolean" || typeof key === "bigint") return key.toString();
  if (key == null) return key + "";
  throw new Error("Invalid property name type " + typeof key);
}
var readFixedString = readStringJS;
function readStringJS(length) {
  let result;
  if (length < 16) {
    if (result = shortStringInJS(length))
      return result;
  }
  if (length > 64 && decoder)
    return decoder.decode(src.subarray(position, position += length));
  const end = position + length;
  const units = [];
  result = "";
  while (position < end) {
    const byte1 = src[position++];
    if ((byte1 & 128) === 0) {
      units.push(byte1);
    } else if ((byte1 & 224) === 192) {
      if (byte1 < 194 || position >= end || (src[position] & 192) !== 128) {
        units.push(65533);
      } else {
        const byte2 = src[position++] & 63;
        units.push((byte1 & 31) << 6 | byte2);
      }
    } else if ((byte1 & 240) === 224) {
      const byte2 = position < end ? src[position] : 0;
      if (position >= end || (byte2 & 192) !== 128 || byte1 === 224 && byte2 < 160 || byte1 === 237 && byte2 >= 160) {
        units.push(65533);
      } else {
        position++;
        if (position >= end || (src[position] & 192) !== 128) {
          units.push(65533);
        } else {
          const byte3 = src[position++] & 63;
          units.push((byte1 & 31) << 12 | (byte2 & 63) << 6 | byte3);
        }
      }
    } else if ((byte1 & 248) === 240) {
      const byte2 = position < end ? src[position] : 0;
      if (byte1 > 244 || position >= end || (byte2 & 192) !== 128 || byte1 === 240 && byte2 < 144 || byte1 === 244 && byte2 >= 144) {
        units.push(65533);
      } else {
        position++;
        if (position >= end || (src[position] & 192) !== 128) {
          units.push(65533);
        } else {
          const byte3 = src[position++] & 63;
          if (position >= end || (src[position] & 192) !== 128) {
            units.push(65533);
          } else {
            const byte4 = src[position++] & 63;
            let unit = (byte1 & 7) << 18 | (byte2 & 63) << 12 | byte3 << 6 | byte4;
            unit -= 65536;
            units.push(unit >>> 10 & 1023 | 55296);
            units.push(56320 | unit & 1023);
          }
        }
      }
    } else {
      units.push(65533);
    }
    if (units.length >= 4096) {
      result += fromCharCode.apply(String, units);
      units.length = 0;
    }
  }
  if (units.length > 0) {
    result += fromCharCode.apply(String, units);
  }
  return result;
}
var fromCharCode = String.fromCharCode;
function longStringInJS(length) {
  let start = position;
  let bytes = new Array(length);
  for (let i2 = 0; i2 < length; i2++) {
    const byte = src[position++];
    if ((byte & 128) > 0) {
      position = start;
      return;
    }
    bytes[i2] = byte;
  }
  return fromCharCode.apply(String, bytes);
}
function shortStringInJS(length) {
  if (length < 4) {
    if (length < 2) {
      if (length === 0)
        return "";
      else {
        let a = src[position++];
        if ((a & 128) > 1) {
          position -= 1;
          return;
        }
        return fromCharCode(a);
      }
    } else {
      let a = src[position++];
      let b = src[position++];
      if ((a & 128) > 0 || (b & 128) > 0) {
        position -= 2;
        return;
      }
      if (length < 3)
        return fromCharCode(a, b);
      let c = src[position++];
      if ((c & 128) > 0) {
        position -= 3;
        return;
      }
      return fromCharCode(a, b, c);
    }
  } else {
    let a = src[position++];
    let b = src[position++];
    let c = src[position++];
    let d = src[position++];
    if ((a & 128) > 0 || (b & 128) > 0 || (c & 128) > 0 || (d & 128) > 0) {
      position -= 4;
      return;
    }
    if (length < 6) {
      if (length === 4)
        return fromCharCode(a, b, c, d);
      else {
        let e = src[position++];
        if ((e & 128) > 0) {
          position -= 5;
          return;
        }
        return fromCharCode(a, b, c, d, e);
      }
    } else if (length < 8) {
      let e = src[position++];
      let f = src[position++];
      if ((e & 128) > 0 || (f & 128) > 0) {
        position -= 6;
        return;
      }
      if (length < 7)
        return fromCharCode(a, b, c, d, e, f);
      let g = src[position++];
      if ((g & 128) > 0) {
        position -= 7;
        return;
      }
      return fromCharCode(a, b, c, d, e, f, g);
    } else {
      let e = src[position++];
      let f = src[position++];
      let g = src[position++];
      let h = src[position++];
      if ((e & 128) > 0 || (f & 128) > 0 || (g & 128) > 0 || (h & 128) > 0) {
        position -= 8;
        return;
      }
      if (length < 10) {
        if (length === 8)
          return fromCharCode(a, b, c, d, e, f, g, h);
        else {
          let i2 = src[position++];
          if ((i2 & 128) > 0) {
            position -= 9;
            return;
          }
          return fromCharCode(a, b, c, d, e, f, g, h, i2);
        }
      } else if (length < 12) {
        let i2 = src[position++];
        let j = src[position++];
        if ((i2 & 128) > 0 || (j & 128) > 0) {
          position -= 10;
          return;
        }
        if (length < 11)
          return fromCharCode(a, b, c, d, e, f, g, h, i2, j);
        let k = src[position++];
        if ((k & 128) > 0) {
          position -= 11;
          return;
        }
        return fromCharCode(a, b, c, d, e, f, g, h, i2, j, k);
      } else {
        let i2 = src[position++];
        let j = src[position++];
        let k = src[position++];
        let l = src[position++];
        if ((i2 & 128) > 0 || (j & 128) > 0 || (k & 128) > 0 || (l & 128) > 0) {
          position -= 12;
          return;
        }
        if (length < 14) {
          if (length === 12)
            return fromCharCode(a, b, c, d, e, f, g, h, i2, j, k, l);
          else {
            let m = src[position++];
            if ((m & 128) > 0) {
              position -= 13;
              return;
            }
            return fromCharCode(a, b, c, d, e, f, g, h, i2, j, k, l, m);
          }
        } else {
          let m = src[position++];
          let n = src[position++];
          if ((m & 128) > 0 || (n & 128) > 0) {
            position -= 14;
            return;
          }
          if (length < 15)
            return fromCharCode(a, b, c, d, e, f, g, h, i2, j, k, l, m, n);
          let o = src[position++];
          if ((o & 128) > 0) {
            position -= 15;
            return;
          }
          return fromCharCode(a, b, c, d, e, f, g, h, i2, j, k, l, m, n, o);
        }
      }
    }
  }
}
function readBin(length) {
  return currentDecoder.copyBuffers ? (
    // specifically use the copying slice (not the node one)
    Uint8Array.prototype.slice.call(src, position, position += length)
  ) : src.subarray(position, position += length);
}
var f32Array = new Float32Array(1);
var u8Array = new Uint8Array(f32Array.buffer, 0, 4);
function getFloat16() {
  let byte0 = src[position++];
  let byte1 = src[position++];
  let exponent = (byte0 & 127) >> 2;
  if (exponent === 31) {
    if (byte1 || byte0 & 3)
      return NaN;
    return byte0 & 128 ? -Infinity : Infinity;
  }
  if (exponent === 0) {
    let abs = ((byte0 & 3) << 8 | byte1) / (1 << 24);
    return byte0 & 128 ? -abs : abs;
  }
  u8Array[3] = byte0 & 128 | // sign bit
  (exponent >> 1) + 56;
  u8Array[2] = (byte0 & 7) << 5 | // last exponent bit and first two mantissa bits
  byte1 >> 3;
  u8Array[1] = byte1 << 5;
  u8Array[0] = 0;
  return f32Array[0];
}
var keyCache = new Array(4096);
var Tag = class {
  constructor(value, tag) {
    this.value = value;
    this.tag = tag;
  }
};
currentExtensions[0] = (dateString) => {
  return new Date(dateString);
};
currentExtensions[1] = (epochSec) => {
  return new Date(Math.round(epochSec * 1e3));
};
currentExtensions[2] = (buffer) => {
  let value = BigInt(0);
  for (let i2 = 0, l = buffer.byteLength; i2 < l; i2++) {
    value = BigInt(buffer[i2]) + (value << BigInt(8));
  }
  return value;
};
currentExtensions[3] = (buffer) => {
  return BigInt(-1) - currentExtensions[2](buffer);
};
currentExtensions[4] = (fraction) => {
  return +(fraction[1] + "e" + fraction[0]);
};
currentExtensions[5] = (fraction) => {
  return fraction[1] * Math.exp(fraction[0] * Math.log(2));
};
var recordDefinition = (id, structure) => {
  id = id - 57344;
  let existingStructure = currentStructures[id];
  if (existingStructure && existingStructure.isShared) {
    (currentStructures.restoreStructures || (currentStructures.restoreStructures = []))[id] = existingStructure;
  }
  currentStructures[id] = structure;
  structure.read = createStructureReader(structure);
};
currentExtensions[LEGACY_RECORD_INLINE_ID] = (data) => {
  let length = data.length;
  let structure = data[1];
  recordDefinition(data[0], structure);
  let object = {};
  for (let i2 = 2; i2 < length; i2++) {
    let key = structure[i2 - 2];
    object[safeKey(key)] = data[i2];
  }
  return object;
};
var legacyRecordDefinition = currentExtensions[LEGACY_RECORD_INLINE_ID];
currentExtensions[14] = (value) => {
  if (bundledStrings)
    return bundledStrings[0].slice(bundledStrings.position0, bundledStrings.position0 += value);
  return new Tag(value, 14);
};
currentExtensions[15] = (value) => {
  if (bundledStrings)
    return bundledStrings[1].slice(bundledStrings.position1, bundledStrings.position1 += value);
  return new Tag(value, 15);
};
var glbl = { Error, RegExp };
currentExtensions[27] = (data) => {
  return (glbl[data[0]] || Error)(data[1], data[2]);
};
var packedTable = (read2) => {
  if (!(position < srcEnd)) throw endOfCBORError();
  if (src[position++] != 132)
    throw new Error("Packed values structure must be followed by a 4 element array");
  let newPackedValues = read2();
  if (!Array.isArray(newPackedValues) || !newPackedValues.length)
    throw new Error("Packed values structure must be followed by a 4 element array");
  packedValues = packedValues ? newPackedValues.concat(packedValues.slice(newPackedValues.length)) : newPackedValues;
  packedValues.prefixes = read2();
  packedValues.suffixes = read2();
  return read2();
};
packedTable.handlesRead = true;
currentExtensions[51] = packedTable;
currentExtensions[PACKED_REFERENCE_TAG_ID] = (data) => {
  if (!packedValues) {
    if (currentDecoder.getShared)
      loadShared();
    else
      return new Tag(data, PACKED_REFERENCE_TAG_ID);
  }
  if (typeof data == "number")
    return packedValues[16 + (data >= 0 ? 2 * data : -2 * data - 1)];
  throw new Error("No support for non-integer packed references yet");
};
currentExtensions[28] = (read2) => {
  if (!referenceMap) {
    referenceMap = /* @__PURE__ */ new Map();
    referenceMap.id = 0;
  }
  let id = referenceMap.id++;
  let startingPosition = position;
  let token = src[position];
  let target2;
  if (token >> 5 == 4)
    target2 = [];
  else
    target2 = {};
  let refEntry = { target: target2 };
  referenceMap.set(id, refEntry);
  let targetProperties = read2();
  if (refEntry.used) {
    if (Object.getPrototypeOf(target2) !== Object.getPrototypeOf(targetProperties)) {
      position = startingPosition;
      target2 = targetProperties;
      referenceMap.set(id, { target: target2 });
      targetProperties = read2();
    }
    return Object.assign(target2, targetProperties);
  }
  refEntry.target = targetProperties;
  return targetProperties;
};
currentExtensions[28].handlesRead = true;
currentExtensions[29] = (id) => {
  let refEntry = referenceMap.get(id);
  refEntry.used = true;
  return refEntry.target;
};
currentExtensions[258] = (array2) => new Set(array2);
(currentExtensions[259] = (read2) => {
  let decoder2 = currentDecoder;
  if (decoder2.mapsAsObjects) {
    decoder2.mapsAsObjects = false;
    restoreMapsAsObject = true;
    try {
      return read2();
    } finally {
      if (restoreMapsAsObject) {
        decoder2.mapsAsObjects = true;
        restoreMapsAsObject = false;
      }
    }
  }
  return read2();
}).handlesRead = true;
function combine(a, b) {
  if (typeof a === "string")
    return a + b;
  if (a instanceof Array)
    return a.concat(b);
  return Object.assign({}, a, b);
}
function getPackedValues() {
  if (!packedValues) {
    if (currentDecoder.getShared)
      loadShared();
    else
      throw new Error("No packed values available");
  }
  return packedValues;
}
var SHARED_DATA_TAG_ID = 1399353956;
currentExtensionRanges.push((tag, input) => {
  if (tag >= 225 && tag <= 255)
    return combine(getPackedValues().prefixes[tag - 224], input);
  if (tag >= 28704 && tag <= 32767)
    return combine(getPackedValues().prefixes[tag - 28672], input);
  if (tag >= 1879052288 && tag <= 2147483647)
    return combine(getPackedValues().prefixes[tag - 1879048192], input);
  if (tag >= 216 && tag <= 223)
    return combine(input, getPackedValues().suffixes[tag - 216]);
  if (tag >= 27647 && tag <= 28671)
    return combine(input, getPackedValues().suffixes[tag - 27639]);
  if (tag >= 1811940352 && tag <= 1879048191)
    return combine(input, getPackedValues().suffixes[tag - 1811939328]);
  if (tag == SHARED_DATA_TAG_ID) {
    return {
      packedValues,
      structures: currentStructures.slice(0),
      version: input
    };
  }
  if (tag == 55799)
    return input;
});
var isLittleEndianMachine = new Uint8Array(new Uint16Array([1]).buffer)[0] == 1;
var typedArrays = [
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  typeof BigUint64Array == "undefined" ? { name: "BigUint64Array" } : BigUint64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  typeof BigInt64Array == "undefined" ? { name: "BigInt64Array" } : BigInt64Array,
  Float32Array,
  Float64Array
];
var typedArrayTags = [64, 68, 69, 70, 71, 72, 77, 78, 79, 85, 86];
for (let i2 = 0; i2 < typedArrays.length; i2++) {
  registerTypedArray(typedArrays[i2], typedArrayTags[i2]);
}
function registerTypedArray(TypedArray, tag) {
  let dvMethod = "get" + TypedArray.name.slice(0, -5);
  let bytesPerElement;
  if (typeof TypedArray === "function")
    bytesPerElement = TypedArray.BYTES_PER_ELEMENT;
  else
    TypedArray = null;
  for (let littleEndian = 0; littleEndian < 2; littleEndian++) {
    if (!littleEndian && bytesPerElement == 1)
      continue;
    let sizeShift = bytesPerElement == 2 ? 1 : bytesPerElement == 4 ? 2 : bytesPerElement == 8 ? 3 : 0;
    currentExtensions[littleEndian ? tag : tag - 4] = bytesPerElement == 1 || littleEndian == isLittleEndianMachine ? (buffer) => {
      if (!TypedArray)
        throw new Error("Could not find typed array for code " + tag);
      if (!currentDecoder.copyBuffers) {
        if (bytesPerElement === 1 || bytesPerElement === 2 && !(buffer.byteOffset & 1) || bytesPerElement === 4 && !(buffer.byteOffset & 3) || bytesPerElement === 8 && !(buffer.byteOffset & 7))
          return new TypedArray(buffer.buffer, buffer.byteOffset, buffer.byteLength >> sizeShift);
      }
      return new TypedArray(Uint8Array.prototype.slice.call(buffer, 0).buffer);
    } : (buffer) => {
      if (!TypedArray)
        throw new Error("Could not find typed array for code " + tag);
      let dv = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
      let elements = buffer.length >> sizeShift;
      let ta = new TypedArray(elements);
      let method = dv[dvMethod];
      for (let i2 = 0; i2 < elements; i2++) {
        ta[i2] = method.call(dv, i2 << sizeShift, littleEndian);
      }
      return ta;
    };
  }
}
function readBundleExt() {
  let length = readJustLength();
  let bundlePosition = position + read();
  for (let i2 = 2; i2 < length; i2++) {
    let bundleLength = readJustLength();
    position += bundleLength;
  }
  let dataPosition = position;
  position = bundlePosition;
  bundledStrings = [readStringJS(readJustLength()), readStringJS(readJustLength())];
  bundledStrings.position0 = 0;
  bundledStrings.position1 = 0;
  bundledStrings.postBundlePosition = position;
  position = dataPosition;
  return read();
}
function readJustLength() {
  if (!(position < srcEnd)) throw endOfCBORError();
  let token = src[position++] & 31;
  if (token > 23) {
    switch (token) {
      case 24:
        if (position >= srcEnd) throw endOfCBORError();
        token = src[position++];
        break;
      case 25:
        if (position + 2 > srcEnd) throw endOfCBORError();
        token = dataView.getUint16(position);
        position += 2;
        break;
      case 26:
        if (position + 4 > srcEnd) throw endOfCBORError();
        token = dataView.getUint32(position);
        position += 4;
        break;
    }
  }
  return token;
}
function loadShared() {
  if (currentDecoder.getShared) {
    let sharedData = saveState(() => {
      src = null;
      return currentDecoder.getShared();
    }) || {};
    let updatedStructures = sharedData.structures || [];
    currentDecoder.sharedVersion = sharedData.version;
    packedValues = currentDecoder.sharedValues = sharedData.packedValues;
    if (currentStructures === true)
      currentDecoder.structures = currentStructures = updatedStructures;
    else
      currentStructures.splice.apply(currentStructures, [0, updatedStructures.length].concat(updatedStructures));
  }
}
function saveState(callback) {
  let savedFragmentEnd = fragmentEnd;
  let savedFragmentReader = fragmentReadString;
  let savedReadFixedString = readFixedString;
  let savedSrcEnd = srcEnd;
  let savedPosition = position;
  let savedStringPosition = stringPosition;
  let savedSrcStringStart = srcStringStart;
  let savedSrcStringEnd = srcStringEnd;
  let savedSrcString = srcString;
  let savedStrings = strings;
  let savedReferenceMap = referenceMap;
  let savedBundledStrings = bundledStrings;
  let savedPackedValues = packedValues;
  let savedSrc = new Uint8Array(src.slice(0, srcEnd));
  let savedStructures = currentStructures;
  let savedDecoder = currentDecoder;
  let savedSequentialMode = sequentialMode;
  let savedRestoreMapsAsObject = restoreMapsAsObject;
  let savedArrayAllocationBudget = arrayAllocationBudget;
  fragmentEnd = 0;
  if (fragmentReadString) readFixedString = fragmentReadString;
  fragmentReadString = null;
  restoreMapsAsObject = false;
  try {
    return callback();
  } catch (error) {
    if (error && (typeof error == "object" || typeof error == "function"))
      nestedDecodeErrors.add(error);
    throw error;
  } finally {
    fragmentEnd = savedFragmentEnd;
    fragmentReadString = savedFragmentReader;
    readFixedString = savedReadFixedString;
    srcEnd = savedSrcEnd;
    position = savedPosition;
    stringPosition = savedStringPosition;
    srcStringStart = savedSrcStringStart;
    srcStringEnd = savedSrcStringEnd;
    srcString = savedSrcString;
    strings = savedStrings;
    referenceMap = savedReferenceMap;
    bundledStrings = savedBundledStrings;
    packedValues = savedPackedValues;
    src = savedSrc;
    sequentialMode = savedSequentialMode;
    currentStructures = savedStructures;
    currentDecoder = savedDecoder;
    restoreMapsAsObject = savedRestoreMapsAsObject;
    arrayAllocationBudget = savedArrayAllocationBudget;
    dataView = new DataView(src.buffer, src.byteOffset, src.byteLength);
  }
}
function clearSource() {
  src = null;
  referenceMap = null;
  currentStructures = null;
}
var fragmentEnd = 0;
var fragmentReadString;
var builtinScanTags = /* @__PURE__ */ new Map([[LEGACY_RECORD_INLINE_ID, legacyRecordDefinition], [259, currentExtensions[259]]]);
var mult10 = new Array(147);
for (let i2 = 0; i2 < 256; i2++) {
  mult10[i2] = +("1e" + Math.floor(45.15 - i2 * 0.30103));
}
var defaultDecoder = new Decoder({ useRecords: false });
var decode = defaultDecoder.decode;
var decodeMultiple = defaultDecoder.decodeMultiple;
var FLOAT32_OPTIONS = {
  NEVER: 0,
  ALWAYS: 1,
  DECIMAL_ROUND: 3,
  DECIMAL_FIT: 4
};

// node_modules/.pnpm/cbor-x@1.6.9/node_modules/cbor-x/encode.js
var textEncoder;
try {
  textEncoder = new TextEncoder();
} catch (error) {
}
var extensions;
var extensionClasses;
var Buffer2 = typeof globalThis === "object" && globalThis.Buffer;
var hasNodeBuffer = typeof Buffer2 !== "undefined";
var ByteArrayAllocate = hasNodeBuffer ? Buffer2.allocUnsafeSlow : Uint8Array;
var ByteArray = hasNodeBuffer ? Buffer2 : Uint8Array;
var MAX_STRUCTURES = 256;
var MAX_BUFFER_SIZE = hasNodeBuffer ? 4294967296 : 2144337920;
var throwOnIterable;
var target;
var targetView;
var position2 = 0;
var safeEnd;
var bundledStrings2 = null;
var MAX_BUNDLE_SIZE = 61440;
var hasNonLatin = /[\u0080-\uFFFF]/;
var RECORD_SYMBOL = /* @__PURE__ */ Symbol("record-id");
var Encoder = class extends Decoder {
  constructor(options2) {
    super(options2);
    this.offset = 0;
    let typeBuffer;
    let start;
    let sharedStructures;
    let hasSharedUpdate;
    let structures;
    let referenceMap2;
    options2 = options2 || {};
    let encodeUtf8 = ByteArray.prototype.utf8Write ? function(string2, position3) {
      return target.utf8Write(string2, position3, target.byteLength - position3);
    } : textEncoder && textEncoder.encodeInto ? function(string2, position3) {
      return textEncoder.encodeInto(string2, target.subarray(position3)).written;
    } : false;
    let encoder2 = this;
    let hasSharedStructures = options2.structures || options2.saveStructures;
    let maxSharedStructures = options2.maxSharedStructures;
    if (maxSharedStructures == null)
      maxSharedStructures = hasSharedStructures ? 128 : 0;
    if (maxSharedStructures > 8190)
      throw new Error("Maximum maxSharedStructure is 8190");
    let isSequential = options2.sequential;
    if (isSequential) {
      maxSharedStructures = 0;
    }
    if (!this.structures)
      this.structures = [];
    if (this.saveStructures)
      this.saveShared = this.saveStructures;
    let samplingPackedValues, packedObjectMap2, sharedValues = options2.sharedValues;
    let sharedPackedObjectMap2;
    if (sharedValues) {
      sharedPackedObjectMap2 = /* @__PURE__ */ Object.create(null);
      for (let i2 = 0, l = sharedValues.length; i2 < l; i2++) {
        sharedPackedObjectMap2[sharedValues[i2]] = i2;
      }
    }
    let recordIdsToRemove = [];
    let transitionsCount = 0;
    let serializationsSinceTransitionRebuild = 0;
    this.mapEncode = function(value, encodeOptions) {
      if (this._keyMap && !this._mapped) {
        switch (value.constructor.name) {
          case "Array":
            value = value.map((r) => this.encodeKeys(r));
            break;
        }
      }
      return this.encode(value, encodeOptions);
    };
    this.encode = function(value, encodeOptions) {
      if (!target) {
        target = new ByteArrayAllocate(8192);
        targetView = new DataView(target.buffer, 0, 8192);
        position2 = 0;
      }
      safeEnd = target.length - 10;
      if (safeEnd - position2 < 2048) {
        target = new ByteArrayAllocate(target.length);
        targetView = new DataView(target.buffer, 0, target.length);
        safeEnd = target.length - 10;
        position2 = 0;
      } else if (encodeOptions === REUSE_BUFFER_MODE)
        position2 = position2 + 7 & 2147483640;
      start = position2;
      if (encoder2.useSelfDescribedHeader) {
        targetView.setUint32(position2, 3654940416);
        position2 += 3;
      }
      referenceMap2 = encoder2.structuredClone ? /* @__PURE__ */ new Map() : null;
      if (encoder2.bundleStrings && typeof value !== "string") {
        bundledStrings2 = [];
        bundledStrings2.size = Infinity;
      } else
        bundledStrings2 = null;
      sharedStructures = encoder2.structures;
      if (sharedStructures) {
        if (sharedStructures.uninitialized) {
          let sharedData = encoder2.getShared() || {};
          encoder2.structures = sharedStructures = sharedData.structures || [];
          encoder2.sharedVersion = sharedData.version;
          let sharedValues2 = encoder2.sharedValues = sharedData.packedValues;
          if (sharedValues2) {
            sharedPackedObjectMap2 = {};
            for (let i2 = 0, l = sharedValues2.length; i2 < l; i2++)
              sharedPackedObjectMap2[sharedValues2[i2]] = i2;
          }
        }
        let sharedStructuresLength = sharedStructures.length;
        if (sharedStructuresLength > maxSharedStructures && !isSequential)
          sharedStructuresLength = maxSharedStructures;
        if (!sharedStructures.transitions) {
          sharedStructures.transitions = /* @__PURE__ */ Object.create(null);
          for (let i2 = 0; i2 < sharedStructuresLength; i2++) {
            let keys = sharedStructures[i2];
            if (!keys)
              continue;
            let nextTransition, transition = sharedStructures.transitions;
            for (let j = 0, l = keys.length; j < l; j++) {
              if (transition[RECORD_SYMBOL] === void 0)
                transition[RECORD_SYMBOL] = i2;
              let key = keys[j];
              nextTransition = transition[key];
              if (!nextTransition) {
                nextTransition = transition[key] = /* @__PURE__ */ Object.create(null);
              }
              transition = nextTransition;
            }
            transition[RECORD_SYMBOL] = i2 | 1048576;
          }
        }
        if (!isSequential)
          sharedStructures.nextId = sharedStructuresLength;
      }
      if (hasSharedUpdate)
        hasSharedUpdate = false;
      structures = sharedStructures || [];
      packedObjectMap2 = sharedPackedObjectMap2;
      if (options2.pack) {
        let packedValues2 = /* @__PURE__ */ new Map();
        packedValues2.values = [];
        packedValues2.encoder = encoder2;
        packedValues2.maxValues = options2.maxPrivatePackedValues || (sharedPackedObjectMap2 ? 16 : Infinity);
        packedValues2.objectMap = sharedPackedObjectMap2 || false;
        packedValues2.samplingPackedValues = samplingPackedValues;
        findRepetitiveStrings(value, packedValues2);
        if (packedValues2.values.length > 0) {
          target[position2++] = 216;
          target[position2++] = 51;
          writeArrayHeader(4);
          let valuesArray = packedValues2.values;
          encode2(valuesArray);
          writeArrayHeader(0);
          writeArrayHeader(0);
          packedObjectMap2 = Object.create(sharedPackedObjectMap2 || null);
          for (let i2 = 0, l = valuesArray.length; i2 < l; i2++) {
            packedObjectMap2[valuesArray[i2]] = i2;
          }
        }
      }
      throwOnIterable = encodeOptions & THROW_ON_ITERABLE;
      try {
        if (throwOnIterable)
          return;
        encode2(value);
        if (bundledStrings2 && bundledStrings2.position) {
          writeBundles(start, encode2);
        }
        encoder2.offset = position2;
        if (referenceMap2 && referenceMap2.idsToInsert) {
          position2 += referenceMap2.idsToInsert.length * 2;
          if (position2 > safeEnd)
            makeRoom(position2);
          encoder2.offset = position2;
          let serialized = insertIds(target.subarray(start, position2), referenceMap2.idsToInsert);
          referenceMap2 = null;
          return serialized;
        }
        if (encodeOptions & REUSE_BUFFER_MODE) {
          target.start = start;
          target.end = position2;
          return target;
        }
        return target.subarray(start, position2);
      } finally {
        if (sharedStructures) {
          if (serializationsSinceTransitionRebuild < 10)
            serializationsSinceTransitionRebuild++;
          if (sharedStructures.length > maxSharedStructures)
            sharedStructures.length = maxSharedStructures;
          if (transitionsCount > 1e4) {
            sharedStructures.transitions = null;
            serializationsSinceTransitionRebuild = 0;
            transitionsCount = 0;
            if (recordIdsToRemove.length > 0)
              recordIdsToRemove = [];
          } else if (recordIdsToRemove.length > 0 && !isSequential) {
            for (let i2 = 0, l = recordIdsToRemove.length; i2 < l; i2++) {
              recordIdsToRemove[i2][RECORD_SYMBOL] = void 0;
            }
            recordIdsToRemove = [];
          }
        }
        if (hasSharedUpdate && encoder2.saveShared) {
          if (encoder2.structures.length > maxSharedStructures) {
            encoder2.structures = encoder2.structures.slice(0, maxSharedStructures);
          }
          let returnBuffer = target.subarray(start, position2);
          if (encoder2.updateSharedData() === false)
            return encoder2.encode(value);
          return returnBuffer;
        }
        if (encodeOptions & RESET_BUFFER_MODE)
          position2 = start;
      }
    };
    this.findCommonStringsToPack = () => {
      samplingPackedValues = /* @__PURE__ */ new Map();
      if (!sharedPackedObjectMap2)
        sharedPackedObjectMap2 = /* @__PURE__ */ Object.create(null);
      return (options3) => {
        let threshold = options3 && options3.threshold || 4;
        let position3 = this.pack ? options3.maxPrivatePackedValues || 16 : 0;
        if (!sharedValues)
          sharedValues = this.sharedValues = [];
        for (let [key, status] of samplingPackedValues) {
          if (status.count > threshold) {
            sharedPackedObjectMap2[key] = position3++;
            sharedValues.push(key);
            hasSharedUpdate = true;
          }
        }
        while (this.saveShared && this.updateSharedData() === false) {
        }
        samplingPackedValues = null;
      };
    };
    const encode2 = (value) => {
      if (position2 > safeEnd)
        target = makeRoom(position2);
      var type = typeof value;
      var length;
      if (type === "string") {
        if (packedObjectMap2) {
          let packedPosition = packedObjectMap2[value];
          if (packedPosition >= 0) {
            if (packedPosition < 16)
              target[position2++] = packedPosition + 224;
            else {
              target[position2++] = 198;
              if (packedPosition & 1)
                encode2(15 - packedPosition >> 1);
              else
                encode2(packedPosition - 16 >> 1);
            }
            return;
          } else if (samplingPackedValues && !options2.pack) {
            let status = samplingPackedValues.get(value);
            if (status)
              status.count++;
            else
              samplingPackedValues.set(value, {
                count: 1
              });
          }
        }
        let strLength = value.length;
        if (bundledStrings2 && strLength >= 4 && strLength < 1024) {
          if ((bundledStrings2.size += strLength) > MAX_BUNDLE_SIZE) {
            let extStart;
            let maxBytes2 = (bundledStrings2[0] ? bundledStrings2[0].length * 3 + bundledStrings2[1].length : 0) + 10;
            if (position2 + maxBytes2 > safeEnd)
              target = makeRoom(position2 + maxBytes2);
            target[position2++] = 217;
            target[position2++] = 223;
            target[position2++] = 249;
            target[position2++] = bundledStrings2.position ? 132 : 130;
            target[position2++] = 26;
            extStart = position2 - start;
            position2 += 4;
            if (bundledStrings2.position) {
              writeBundles(start, encode2);
            }
            bundledStrings2 = ["", ""];
            bundledStrings2.size = 0;
            bundledStrings2.position = extStart;
          }
          let twoByte = hasNonLatin.test(value);
          bundledStrings2[twoByte ? 0 : 1] += value;
          target[position2++] = twoByte ? 206 : 207;
          encode2(strLength);
          return;
        }
        let headerSize;
        if (strLength < 32) {
          headerSize = 1;
        } else if (strLength < 256) {
          headerSize = 2;
        } else if (strLength < 65536) {
          headerSize = 3;
        } else {
          headerSize = 5;
        }
        let maxBytes = strLength * 3;
        if (position2 + maxBytes > safeEnd)
          target = makeRoom(position2 + maxBytes);
        if (strLength < 64 || !encodeUtf8) {
          let i2, c1, c2, strPosition = position2 + headerSize;
          for (i2 = 0; i2 < strLength; i2++) {
            c1 = value.charCodeAt(i2);
            if (c1 < 128) {
              target[strPosition++] = c1;
            } else if (c1 < 2048) {
              target[strPosition++] = c1 >> 6 | 192;
              target[strPosition++] = c1 & 63 | 128;
            } else if ((c1 & 64512) === 55296 && ((c2 = value.charCodeAt(i2 + 1)) & 64512) === 56320) {
              c1 = 65536 + ((c1 & 1023) << 10) + (c2 & 1023);
              i2++;
              target[strPosition++] = c1 >> 18 | 240;
              target[strPosition++] = c1 >> 12 & 63 | 128;
              target[strPosition++] = c1 >> 6 & 63 | 128;
              target[strPosition++] = c1 & 63 | 128;
            } else {
              target[strPosition++] = c1 >> 12 | 224;
              target[strPosition++] = c1 >> 6 & 63 | 128;
              target[strPosition++] = c1 & 63 | 128;
            }
          }
          length = strPosition - position2 - headerSize;
        } else {
          length = encodeUtf8(value, position2 + headerSize, maxBytes);
        }
        if (length < 24) {
          target[position2++] = 96 | length;
        } else if (length < 256) {
          if (headerSize < 2) {
            target.copyWithin(position2 + 2, position2 + 1, position2 + 1 + length);
          }
          target[position2++] = 120;
          target[position2++] = length;
        } else if (length < 65536) {
          if (headerSize < 3) {
            target.copyWithin(position2 + 3, position2 + 2, position2 + 2 + length);
          }
          target[position2++] = 121;
          target[position2++] = length >> 8;
          target[position2++] = length & 255;
        } else {
          if (headerSize < 5) {
            target.copyWithin(position2 + 5, position2 + 3, position2 + 3 + length);
          }
          target[position2++] = 122;
          targetView.setUint32(position2, length);
          position2 += 4;
        }
        position2 += length;
      } else if (type === "number") {
        if (!this.alwaysUseFloat && value >>> 0 === value) {
          if (value < 24) {
            target[position2++] = value;
          } else if (value < 256) {
            target[position2++] = 24;
            target[position2++] = value;
          } else if (value < 65536) {
            target[position2++] = 25;
            target[position2++] = value >> 8;
            target[position2++] = value & 255;
          } else {
            target[position2++] = 26;
            targetView.setUint32(position2, value);
            position2 += 4;
          }
        } else if (!this.alwaysUseFloat && value >> 0 === value) {
          if (value >= -24) {
            target[position2++] = 31 - value;
          } else if (value >= -256) {
            target[position2++] = 56;
            target[position2++] = ~value;
          } else if (value >= -65536) {
            target[position2++] = 57;
            targetView.setUint16(position2, ~value);
            position2 += 2;
          } else {
            target[position2++] = 58;
            targetView.setUint32(position2, ~value);
            position2 += 4;
          }
        } else if (!this.alwaysUseFloat && value < 0 && value >= -4294967296 && Math.floor(value) === value) {
          target[position2++] = 58;
          targetView.setUint32(position2, -1 - value);
          position2 += 4;
        } else {
          let useFloat32;
          if ((useFloat32 = this.useFloat32) > 0 && value < 4294967296 && value >= -2147483648) {
            target[position2++] = 250;
            targetView.setFloat32(position2, value);
            let xShifted;
            if (useFloat32 < 4 || // this checks for rounding of numbers that were encoded in 32-bit float to nearest significant decimal digit that could be preserved
            (xShifted = value * mult10[(target[position2] & 127) << 1 | target[position2 + 1] >> 7]) >> 0 === xShifted) {
              position2 += 4;
              return;
            } else
              position2--;
          }
          target[position2++] = 251;
          targetView.setFloat64(position2, value);
          position2 += 8;
        }
      } else if (type === "object") {
        if (!value)
          target[position2++] = 246;
        else {
          if (referenceMap2) {
            let referee = referenceMap2.get(value);
            if (referee) {
              target[position2++] = 216;
              target[position2++] = 29;
              target[position2++] = 25;
              if (!referee.references) {
                let idsToInsert = referenceMap2.idsToInsert || (referenceMap2.idsToInsert = []);
                referee.references = [];
                idsToInsert.push(referee);
              }
              referee.references.push(position2 - start);
              position2 += 2;
              return;
            } else
              referenceMap2.set(value, { offset: position2 - start });
          }
          let constructor = value.constructor;
          if (constructor === Object) {
            if (this.skipFunction === true) {
              value = Object.fromEntries([...Object.keys(value).filter((x2) => typeof value[x2] !== "function").map((x2) => [x2, value[x2]])]);
            }
            writeObject(value);
          } else if (constructor === Array) {
            length = value.length;
            if (length < 24) {
              target[position2++] = 128 | length;
            } else {
              writeArrayHeader(length);
            }
            for (let i2 = 0; i2 < length; i2++) {
              encode2(value[i2]);
            }
          } else if (constructor === Map) {
            if (this.mapsAsObjects ? this.useTag259ForMaps !== false : this.useTag259ForMaps) {
              target[position2++] = 217;
              target[position2++] = 1;
              target[position2++] = 3;
            }
            length = value.size;
            if (length < 24) {
              target[position2++] = 160 | length;
            } else if (length < 256) {
              target[position2++] = 184;
              target[position2++] = length;
            } else if (length < 65536) {
              target[position2++] = 185;
              target[position2++] = length >> 8;
              target[position2++] = length & 255;
            } else {
              target[position2++] = 186;
              targetView.setUint32(position2, length);
              position2 += 4;
            }
            if (encoder2.keyMap) {
              for (let [key, entryValue] of value) {
                encode2(encoder2.encodeKey(key));
                encode2(entryValue);
              }
            } else {
              for (let [key, entryValue] of value) {
                encode2(key);
                encode2(entryValue);
              }
            }
          } else {
            for (let i2 = 0, l = extensions.length; i2 < l; i2++) {
              let extensionClass = extensionClasses[i2];
              if (value instanceof extensionClass) {
                let extension = extensions[i2];
                let tag = extension.tag;
                if (tag == void 0)
                  tag = extension.getTag && extension.getTag.call(this, value);
                if (tag < 24) {
                  target[position2++] = 192 | tag;
                } else if (tag < 256) {
                  target[position2++] = 216;
                  target[position2++] = tag;
                } else if (tag < 65536) {
                  target[position2++] = 217;
                  target[position2++] = tag >> 8;
                  target[position2++] = tag & 255;
                } else if (tag > -1) {
                  target[position2++] = 218;
                  targetView.setUint32(position2, tag);
                  position2 += 4;
                }
                extension.encode.call(this, value, encode2, makeRoom);
                return;
              }
            }
            if (value[Symbol.iterator]) {
              if (throwOnIterable) {
                let error = new Error("Iterable should be serialized as iterator");
                error.iteratorNotHandled = true;
                throw error;
              }
              target[position2++] = 159;
              for (let entry of value) {
                encode2(entry);
              }
              target[position2++] = 255;
              return;
            }
            if (value[Symbol.asyncIterator] || isBlob(value)) {
              let error = new Error("Iterable/blob should be serialized as iterator");
              error.iteratorNotHandled = true;
              throw error;
            }
            if (this.useToJSON && value.toJSON) {
              const json2 = value.toJSON();
              if (json2 !== value)
                return encode2(json2);
            }
            if (constructor === DataView) {
              writeBuffer(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), makeRoom);
              return;
            }
            writeObject(value);
          }
        }
      } else if (type === "boolean") {
        target[position2++] = value ? 245 : 244;
      } else if (type === "bigint") {
        if (value < BigInt(1) << BigInt(64) && value >= 0) {
          target[position2++] = 27;
          targetView.setBigUint64(position2, value);
        } else if (value > -(BigInt(1) << BigInt(64)) && value < 0) {
          target[position2++] = 59;
          targetView.setBigUint64(position2, -value - BigInt(1));
        } else {
          if (this.largeBigIntToFloat) {
            target[position2++] = 251;
            targetView.setFloat64(position2, Number(value));
          } else {
            if (value >= BigInt(0))
              target[position2++] = 194;
            else {
              target[position2++] = 195;
              value = BigInt(-1) - value;
            }
            let bytes = [];
            while (value) {
              bytes.push(Number(value & BigInt(255)));
              value >>= BigInt(8);
            }
            writeBuffer(new Uint8Array(bytes.reverse()), makeRoom);
            return;
          }
        }
        position2 += 8;
      } else if (type === "undefined") {
        target[position2++] = 247;
      } else {
        throw new Error("Unknown type: " + type);
      }
    };
    const writeObject = this.useRecords === false ? this.variableMapSize ? (object) => {
      let keys = Object.keys(object);
      let vals = Object.values(object);
      let length = keys.length;
      if (length < 24) {
        target[position2++] = 160 | length;
      } else if (length < 256) {
        target[position2++] = 184;
        target[position2++] = length;
      } else if (length < 65536) {
        target[position2++] = 185;
        target[position2++] = length >> 8;
        target[position2++] = length & 255;
      } else {
        target[position2++] = 186;
        targetView.setUint32(position2, length);
        position2 += 4;
      }
      let key;
      if (encoder2.keyMap) {
        for (let i2 = 0; i2 < length; i2++) {
          encode2(encoder2.encodeKey(keys[i2]));
          encode2(vals[i2]);
        }
      } else {
        for (let i2 = 0; i2 < length; i2++) {
          encode2(keys[i2]);
          encode2(vals[i2]);
        }
      }
    } : (object) => {
      target[position2++] = 185;
      let objectOffset = position2 - start;
      position2 += 2;
      let size = 0;
      if (encoder2.keyMap) {
        for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) {
          encode2(encoder2.encodeKey(key));
          encode2(object[key]);
          size++;
        }
      } else {
        for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) {
          encode2(key);
          encode2(object[key]);
          size++;
        }
      }
      if (size < 65536) {
        target[objectOffset++ + start] = size >> 8;
        target[objectOffset + start] = size & 255;
      } else {
        if (position2 + 2 > safeEnd)
          makeRoom(position2 + 2);
        let headerPosition = objectOffset + start;
        target.copyWithin(headerPosition + 4, headerPosition + 2, position2);
        position2 += 2;
        target[headerPosition - 1] = 186;
        targetView.setUint32(headerPosition, size);
      }
    } : (object, skipValues) => {
      let nextTransition, transition = structures.transitions || (structures.transitions = /* @__PURE__ */ Object.create(null));
      let newTransitions = 0;
      let length = 0;
      let parentRecordId;
      let keys;
      if (this.keyMap) {
        keys = Object.keys(object).map((k) => this.encodeKey(k));
        length = keys.length;
        for (let i2 = 0; i2 < length; i2++) {
          let key = keys[i2];
          nextTransition = transition[key];
          if (!nextTransition) {
            nextTransition = transition[key] = /* @__PURE__ */ Object.create(null);
            newTransitions++;
          }
          transition = nextTransition;
        }
      } else {
        for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) {
          nextTransition = transition[key];
          if (!nextTransition) {
            if (transition[RECORD_SYMBOL] & 1048576) {
              parentRecordId = transition[RECORD_SYMBOL] & 65535;
            }
            nextTransition = transition[key] = /* @__PURE__ */ Object.create(null);
            newTransitions++;
          }
          transition = nextTransition;
          length++;
        }
      }
      let recordId = transition[RECORD_SYMBOL];
      if (recordId !== void 0) {
        recordId &= 65535;
        target[position2++] = 217;
        target[position2++] = recordId >> 8 | 224;
        target[position2++] = recordId & 255;
      } else {
        if (!keys)
          keys = transition.__keys__ || (transition.__keys__ = Object.keys(object));
        if (parentRecordId === void 0) {
          recordId = structures.nextId++;
          if (!recordId) {
            recordId = 0;
            structures.nextId = 1;
          }
          if (recordId >= MAX_STRUCTURES) {
            structures.nextId = (recordId = maxSharedStructures) + 1;
          }
        } else {
          recordId = parentRecordId;
        }
        structures[recordId] = keys;
        if (recordId < maxSharedStructures) {
          target[position2++] = 217;
          target[position2++] = recordId >> 8 | 224;
          target[position2++] = recordId & 255;
          transition = structures.transitions;
          for (let i2 = 0; i2 < length; i2++) {
            if (transition[RECORD_SYMBOL] === void 0 || transition[RECORD_SYMBOL] & 1048576)
              transition[RECORD_SYMBOL] = recordId;
            transition = transition[keys[i2]];
          }
          transition[RECORD_SYMBOL] = recordId | 1048576;
          hasSharedUpdate = true;
        } else {
          transition[RECORD_SYMBOL] = recordId;
          targetView.setUint32(position2, 3655335680);
          position2 += 3;
          if (newTransitions)
            transitionsCount += serializationsSinceTransitionRebuild * newTransitions;
          if (recordIdsToRemove.length >= MAX_STRUCTURES - maxSharedStructures)
            recordIdsToRemove.shift()[RECORD_SYMBOL] = void 0;
          recordIdsToRemove.push(transition);
          writeArrayHeader(length + 2);
          encode2(57344 + recordId);
          encode2(keys);
          if (skipValues) return;
          for (let key in object)
            if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key))
              encode2(object[key]);
          return;
        }
      }
      if (length < 24) {
        target[position2++] = 128 | length;
      } else {
        writeArrayHeader(length);
      }
      if (skipValues) return;
      for (let key in object)
        if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key))
          encode2(object[key]);
    };
    const makeRoom = (end) => {
      let newSize;
      if (end > 16777216) {
        if (end - start > MAX_BUFFER_SIZE)
          throw new Error("Encoded buffer would be larger than maximum buffer size");
        newSize = Math.min(
          MAX_BUFFER_SIZE,
          Math.round(Math.max((end - start) * (end > 67108864 ? 1.25 : 2), 4194304) / 4096) * 4096
        );
      } else
        newSize = (Math.max(end - start << 2, target.length - 1) >> 12) + 1 << 12;
      let newBuffer = new ByteArrayAllocate(newSize);
      targetView = new DataView(newBuffer.buffer, 0, newSize);
      if (target.copy)
        target.copy(newBuffer, 0, start, end);
      else
        newBuffer.set(target.slice(start, end));
      position2 -= start;
      start = 0;
      safeEnd = newBuffer.length - 10;
      return target = newBuffer;
    };
    let chunkThreshold = 100;
    let continuedChunkThreshold = 1e3;
    this.encodeAsIterable = function(value, options3) {
      return startEncoding(value, options3, encodeObjectAsIterable);
    };
    this.encodeAsAsyncIterable = function(value, options3) {
      return startEncoding(value, options3, encodeObjectAsAsyncIterable);
    };
    function* encodeObjectAsIterable(object, iterateProperties, finalIterable) {
      let constructor = object.constructor;
      if (constructor === Object) {
        let useRecords = encoder2.useRecords !== false;
        if (useRecords)
          writeObject(object, true);
        else
          writeEntityLength(Object.keys(object).length, 160);
        for (let key in object) {
          let value = object[key];
          if (!useRecords) encode2(key);
          if (value && typeof value === "object") {
            if (iterateProperties[key])
              yield* encodeObjectAsIterable(value, iterateProperties[key]);
            else
              yield* tryEncode(value, iterateProperties, key);
          } else encode2(value);
        }
      } else if (constructor === Array) {
        let length = object.length;
        writeArrayHeader(length);
        for (let i2 = 0; i2 < length; i2++) {
          let value = object[i2];
          if (value && (typeof value === "object" || position2 - start > chunkThreshold)) {
            if (iterateProperties.element)
              yield* encodeObjectAsIterable(value, iterateProperties.element);
            else
              yield* tryEncode(value, iterateProperties, "element");
          } else encode2(value);
        }
      } else if (object[Symbol.iterator] && !object.buffer) {
        target[position2++] = 159;
        for (let value of object) {
          if (value && (typeof value === "object" || position2 - start > chunkThreshold)) {
            if (iterateProperties.element)
              yield* encodeObjectAsIterable(value, iterateProperties.element);
            else
              yield* tryEncode(value, iterateProperties, "element");
          } else encode2(value);
        }
        target[position2++] = 255;
      } else if (isBlob(object)) {
        writeEntityLength(object.size, 64);
        yield target.subarray(start, position2);
        yield object;
        restartEncoding();
      } else if (object[Symbol.asyncIterator]) {
        target[position2++] = 159;
        yield target.subarray(start, position2);
        yield object;
        restartEncoding();
        target[position2++] = 255;
      } else {
        encode2(object);
      }
      if (finalIterable && position2 > start) yield target.subarray(start, position2);
      else if (position2 - start > chunkThreshold) {
        yield target.subarray(start, position2);
        restartEncoding();
      }
    }
    function* tryEncode(value, iterateProperties, key) {
      let restart = position2 - start;
      try {
        encode2(value);
        if (position2 - start > chunkThreshold) {
          yield target.subarray(start, position2);
          restartEncoding();
        }
      } catch (error) {
        if (error.iteratorNotHandled) {
          iterateProperties[key] = {};
          position2 = start + restart;
          yield* encodeObjectAsIterable.call(this, value, iterateProperties[key]);
        } else throw error;
      }
    }
    function restartEncoding() {
      chunkThreshold = continuedChunkThreshold;
      encoder2.encode(null, THROW_ON_ITERABLE);
    }
    function startEncoding(value, options3, encodeIterable) {
      if (options3 && options3.chunkThreshold)
        chunkThreshold = continuedChunkThreshold = options3.chunkThreshold;
      else
        chunkThreshold = 100;
      if (value && typeof value === "object") {
        encoder2.encode(null, THROW_ON_ITERABLE);
        return encodeIterable(value, encoder2.iterateProperties || (encoder2.iterateProperties = {}), true);
      }
      return [encoder2.encode(value)];
    }
    async function* encodeObjectAsAsyncIterable(value, iterateProperties) {
      for (let encodedValue of encodeObjectAsIterable(value, iterateProperties, true)) {
        let constructor = encodedValue.constructor;
        if (constructor === ByteArray || constructor === Uint8Array)
          yield encodedValue;
        else if (isBlob(encodedValue)) {
          let reader = encodedValue.stream().getReader();
          let next2;
          while (!(next2 = await reader.read()).done) {
            yield next2.value;
          }
        } else if (encodedValue[Symbol.asyncIterator]) {
          for await (let asyncValue of encodedValue) {
            restartEncoding();
            if (asyncValue)
              yield* encodeObjectAsAsyncIterable(asyncValue, iterateProperties.async || (iterateProperties.async = {}));
            else yield encoder2.encode(asyncValue);
          }
        } else {
          yield encodedValue;
        }
      }
    }
  }
  useBuffer(buffer) {
    target = buffer;
    targetView = new DataView(target.buffer, target.byteOffset, target.byteLength);
    position2 = 0;
  }
  clearSharedData() {
    if (this.structures)
      this.structures = [];
    if (this.sharedValues)
      this.sharedValues = void 0;
  }
  updateSharedData() {
    let lastVersion = this.sharedVersion || 0;
    this.sharedVersion = lastVersion + 1;
    let structuresCopy = this.structures.slice(0);
    let sharedData = new SharedData(structuresCopy, this.sharedValues, this.sharedVersion);
    let saveResults = this.saveShared(
      sharedData,
      (existingShared) => (existingShared && existingShared.version || 0) == lastVersion
    );
    if (saveResults === false) {
      sharedData = this.getShared() || {};
      this.structures = sharedData.structures || [];
      this.sharedValues = sharedData.packedValues;
      this.sharedVersion = sharedData.version;
      this.structures.nextId = this.structures.length;
    } else {
      structuresCopy.forEach((structure, i2) => this.structures[i2] = structure);
    }
    return saveResults;
  }
};
function writeEntityLength(length, majorValue) {
  if (length < 24)
    target[position2++] = majorValue | length;
  else if (length < 256) {
    target[position2++] = majorValue | 24;
    target[position2++] = length;
  } else if (length < 65536) {
    target[position2++] = majorValue | 25;
    target[position2++] = length >> 8;
    target[position2++] = length & 255;
  } else {
    target[position2++] = majorValue | 26;
    targetView.setUint32(position2, length);
    position2 += 4;
  }
}
var SharedData = class {
  constructor(structures, values, version) {
    this.structures = structures;
    this.packedValues = values;
    this.version = version;
  }
};
function writeArrayHeader(length) {
  if (length < 24)
    target[position2++] = 128 | length;
  else if (length < 256) {
    target[position2++] = 152;
    target[position2++] = length;
  } else if (length < 65536) {
    target[position2++] = 153;
    target[position2++] = length >> 8;
    target[position2++] = length & 255;
  } else {
    target[position2++] = 154;
    targetView.setUint32(position2, length);
    position2 += 4;
  }
}
var BlobConstructor = typeof Blob === "undefined" ? function() {
} : Blob;
function isBlob(object) {
  if (object instanceof BlobConstructor)
    return true;
  let tag = object[Symbol.toStringTag];
  return tag === "Blob" || tag === "File";
}
function findRepetitiveStrings(value, packedValues2) {
  switch (typeof value) {
    case "string":
      if (value.length > 3) {
        if (packedValues2.objectMap[value] > -1 || packedValues2.values.length >= packedValues2.maxValues)
          return;
        let packedStatus = packedValues2.get(value);
        if (packedStatus) {
          if (++packedStatus.count == 2) {
            packedValues2.values.push(value);
          }
        } else {
          packedValues2.set(value, {
            count: 1
          });
          if (packedValues2.samplingPackedValues) {
            let status = packedValues2.samplingPackedValues.get(value);
            if (status)
              status.count++;
            else
              packedValues2.samplingPackedValues.set(value, {
                count: 1
              });
          }
        }
      }
      break;
    case "object":
      if (value) {
        if (value instanceof Array) {
          for (let i2 = 0, l = value.length; i2 < l; i2++) {
            findRepetitiveStrings(value[i2], packedValues2);
          }
        } else {
          let includeKeys = !packedValues2.encoder.useRecords;
          for (var key in value) {
            if (value.hasOwnProperty(key)) {
              if (includeKeys)
                findRepetitiveStrings(key, packedValues2);
              findRepetitiveStrings(value[key], packedValues2);
            }
          }
        }
      }
      break;
    case "function":
      console.log(value);
  }
}
var isLittleEndianMachine2 = new Uint8Array(new Uint16Array([1]).buffer)[0] == 1;
extensionClasses = [
  Date,
  Set,
  Error,
  RegExp,
  Tag,
  ArrayBuffer,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  typeof BigUint64Array == "undefined" ? function() {
  } : BigUint64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  typeof BigInt64Array == "undefined" ? function() {
  } : BigInt64Array,
  Float32Array,
  Float64Array,
  SharedData
];
extensions = [
  {
    // Date
    tag: 1,
    encode(date, encode2) {
      let seconds = date.getTime() / 1e3;
      if ((this.useTimestamp32 || date.getMilliseconds() === 0) && seconds >= 0 && seconds < 4294967296) {
        target[position2++] = 26;
        targetView.setUint32(position2, seconds);
        position2 += 4;
      } else {
        target[position2++] = 251;
        targetView.setFloat64(position2, seconds);
        position2 += 8;
      }
    }
  },
  {
    // Set
    tag: 258,
    // https://github.com/input-output-hk/cbor-sets-spec/blob/master/CBOR_SETS.md
    encode(set, encode2) {
      let array2 = Array.from(set);
      encode2(array2);
    }
  },
  {
    // Error
    tag: 27,
    // http://cbor.schmorp.de/generic-object
    encode(error, encode2) {
      encode2([error.name, error.message]);
    }
  },
  {
    // RegExp
    tag: 27,
    // http://cbor.schmorp.de/generic-object
    encode(regex2, encode2) {
      encode2(["RegExp", regex2.source, regex2.flags]);
    }
  },
  {
    // Tag
    getTag(tag) {
      return tag.tag;
    },
    encode(tag, encode2) {
      encode2(tag.value);
    }
  },
  {
    // ArrayBuffer
    encode(arrayBuffer, encode2, makeRoom) {
      writeBuffer(arrayBuffer, makeRoom);
    }
  },
  {
    // Uint8Array
    getTag(typedArray) {
      if (typedArray.constructor === Uint8Array) {
        if (this.tagUint8Array || hasNodeBuffer && this.tagUint8Array !== false)
          return 64;
      }
    },
    encode(typedArray, encode2, makeRoom) {
      writeBuffer(typedArray, makeRoom);
    }
  },
  typedArrayEncoder(68, 1),
  typedArrayEncoder(69, 2),
  typedArrayEncoder(70, 4),
  typedArrayEncoder(71, 8),
  typedArrayEncoder(72, 1),
  typedArrayEncoder(77, 2),
  typedArrayEncoder(78, 4),
  typedArrayEncoder(79, 8),
  typedArrayEncoder(85, 4),
  typedArrayEncoder(86, 8),
  {
    encode(sharedData, encode2) {
      let packedValues2 = sharedData.packedValues || [];
      let sharedStructures = sharedData.structures || [];
      if (packedValues2.values.length > 0) {
        target[position2++] = 216;
        target[position2++] = 51;
        writeArrayHeader(4);
        let valuesArray = packedValues2.values;
        encode2(valuesArray);
        writeArrayHeader(0);
        writeArrayHeader(0);
        packedObjectMap = Object.create(sharedPackedObjectMap || null);
        for (let i2 = 0, l = valuesArray.length; i2 < l; i2++) {
          packedObjectMap[valuesArray[i2]] = i2;
        }
      }
      if (sharedStructures) {
        targetView.setUint32(position2, 3655335424);
        position2 += 3;
        let definitions = sharedStructures.slice(0);
        definitions.unshift(57344);
        definitions.push(new Tag(sharedData.version, 1399353956));
        encode2(definitions);
      } else
        encode2(new Tag(sharedData.version, 1399353956));
    }
  }
];
function typedArrayEncoder(tag, size) {
  if (!isLittleEndianMachine2 && size > 1)
    tag -= 4;
  return {
    tag,
    encode: function writeExtBuffer(typedArray, encode2) {
      let length = typedArray.byteLength;
      let offset = typedArray.byteOffset || 0;
      let buffer = typedArray.buffer || typedArray;
      encode2(hasNodeBuffer ? Buffer2.from(buffer, offset, length) : new Uint8Array(buffer, offset, length));
    }
  };
}
function writeBuffer(buffer, makeRoom) {
  let length = buffer.byteLength;
  if (length < 24) {
    target[position2++] = 64 + length;
  } else if (length < 256) {
    target[position2++] = 88;
    target[position2++] = length;
  } else if (length < 65536) {
    target[position2++] = 89;
    target[position2++] = length >> 8;
    target[position2++] = length & 255;
  } else {
    target[position2++] = 90;
    targetView.setUint32(position2, length);
    position2 += 4;
  }
  if (position2 + length >= target.length) {
    makeRoom(position2 + length);
  }
  target.set(buffer.buffer ? buffer : new Uint8Array(buffer), position2);
  position2 += length;
}
function insertIds(serialized, idsToInsert) {
  let nextId;
  let distanceToMove = idsToInsert.length * 2;
  let lastEnd = serialized.length - distanceToMove;
  idsToInsert.sort((a, b) => a.offset > b.offset ? 1 : -1);
  for (let id = 0; id < idsToInsert.length; id++) {
    let referee = idsToInsert[id];
    referee.id = id;
    for (let position3 of referee.references) {
      serialized[position3++] = id >> 8;
      serialized[position3] = id & 255;
    }
  }
  while (nextId = idsToInsert.pop()) {
    let offset = nextId.offset;
    serialized.copyWithin(offset + distanceToMove, offset, lastEnd);
    distanceToMove -= 2;
    let position3 = offset + distanceToMove;
    serialized[position3++] = 216;
    serialized[position3++] = 28;
    lastEnd = offset;
  }
  return serialized;
}
function writeBundles(start, encode2) {
  targetView.setUint32(bundledStrings2.position + start, position2 - bundledStrings2.position - start + 1);
  let writeStrings = bundledStrings2;
  bundledStrings2 = null;
  encode2(writeStrings[0]);
  encode2(writeStrings[1]);
}
var defaultEncoder = new Encoder({ useRecords: false });
var encode = defaultEncoder.encode;
var encodeAsIterable = defaultEncoder.encodeAsIterable;
var encodeAsAsyncIterable = defaultEncoder.encodeAsAsyncIterable;
var { NEVER, ALWAYS, DECIMAL_ROUND, DECIMAL_FIT } = FLOAT32_OPTIONS;
var REUSE_BUFFER_MODE = 512;
var RESET_BUFFER_MODE = 1024;
var THROW_ON_ITERABLE = 2048;

// packages/cose/src/cbor/compare-bytes.ts
function compareBytes(a, b) {
  for (let i2 = 0; i2 < a.length && i2 < b.length; i2++) {
    const difference = a[i2] - b[i2];
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

// packages/cose/src/error.ts
function coseError(code, message, details) {
  return new OtaError(code, message, details === void 0 ? {} : { details });
}

// packages/cose/src/cbor/decode.ts
var MAX_SAFE = 9007199254740991;
function decodeCbor(bytes, limits = {}) {
  const maxDepth = limits.maxDepth ?? 16;
  const maxItems = limits.maxItems ?? 2e5;
  const end = bytes.length;
  let at = 0;
  let items = 0;
  let major = 0;
  const head = () => {
    if (at >= end) throw coseError("ERR_CBOR_MALFORMED", `CBOR ends in the middle of an item, at byte ${at}`);
    const first = bytes[at++];
    major = first >> 5;
    const info = first & 31;
    if (info < 24) return info;
    if (info === 31) throw coseError("ERR_CBOR_NOT_DETERMINISTIC", `Indefinite length at byte ${at - 1}`);
    if (info > 27)
      throw coseError("ERR_CBOR_MALFORMED", `Reserved additional information ${info} at byte ${at - 1}`);
    const size = 1 << info - 24;
    if (size > end - at)
      throw coseError("ERR_CBOR_MALFORMED", `CBOR ends in the middle of a head, at byte ${at}`);
    if (major === 7) throw coseError("ERR_CBOR_FORBIDDEN", `Float or simple value at byte ${at - 1}`);
    let value2 = 0;
    for (let i2 = 0; i2 < size; i2++) value2 = value2 * 256 + bytes[at++];
    const least = size === 1 ? 24 : size === 2 ? 256 : size === 4 ? 65536 : 4294967296;
    if (value2 < least)
      throw coseError("ERR_CBOR_NOT_DETERMINISTIC", `Head longer than needed before byte ${at}`);
    if (value2 > MAX_SAFE)
      throw coseError("ERR_CBOR_FORBIDDEN", `Integer or length above 2^53\u22121 before byte ${at}`);
    return value2;
  };
  const item = (depth) => {
    if (++items > maxItems) throw coseError("ERR_CBOR_LIMIT", `More than ${maxItems} items`);
    if (depth > maxDepth) throw coseError("ERR_CBOR_LIMIT", `Nested deeper than ${maxDepth}`);
    const argument = head();
    switch (major) {
      case 0:
        return argument;
      case 1:
        if (argument >= MAX_SAFE)
          throw coseError("ERR_CBOR_FORBIDDEN", `Integer below \u2212(2^53\u22121) before byte ${at}`);
        return -1 - argument;
      case 2:
        return new Uint8Array(string2(argument));
      case 3:
        return text2(argument);
      case 4:
        return array2(argument, depth);
      case 5:
        return map(argument, depth);
      case 6:
        throw coseError("ERR_CBOR_FORBIDDEN", `Tag ${argument} before byte ${at}`);
      default:
        if (argument === 20) return false;
        if (argument === 21) return true;
        if (argument === 22) return null;
        throw coseError("ERR_CBOR_FORBIDDEN", `Simple value ${argument} before byte ${at}`);
    }
  };
  const string2 = (size) => {
    if (size > end - at) throw coseError("ERR_CBOR_MALFORMED", `String of ${size} bytes, ${end - at} left`);
    at += size;
    return bytes.subarray(at - size, at);
  };
  const text2 = (size) => {
    const start = at;
    let decoded;
    try {
      decoded = bytesToUtf8(string2(size));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw coseError("ERR_CBOR_MALFORMED", `Text at byte ${start} is not UTF-8`);
    }
    if (decoded.charCodeAt(0) === 65279)
      throw coseError("ERR_CBOR_FORBIDDEN", `Text starts with a byte order mark at byte ${start}`);
    return decoded;
  };
  const array2 = (length, depth) => {
    if (length > end - at)
      throw coseError("ERR_CBOR_MALFORMED", `Array of ${length} items, ${end - at} bytes left`);
    const out = [];
    for (let i2 = 0; i2 < length; i2++) out.push(item(depth + 1));
    return out;
  };
  const map = (pairs, depth) => {
    if (pairs * 2 > end - at)
      throw coseError("ERR_CBOR_MALFORMED", `Map of ${pairs} pairs, ${end - at} bytes left`);
    const out = /* @__PURE__ */ new Map();
    let previous;
    for (let i2 = 0; i2 < pairs; i2++) {
      const start = at;
      const key = item(depth + 1);
      if (typeof key !== "number" && typeof key !== "string") {
        throw coseError("ERR_CBOR_FORBIDDEN", `Map key at byte ${start} is neither an integer nor text`);
      }
      const encoded = bytes.subarray(start, at);
      if (previous !== void 0 && compareBytes(previous, encoded) >= 0) {
        throw coseError("ERR_CBOR_NOT_DETERMINISTIC", `Map keys not sorted or not unique at byte ${start}`);
      }
      previous = encoded;
      out.set(key, item(depth + 1));
    }
    return out;
  };
  const value = item(0);
  if (at !== end) throw coseError("ERR_CBOR_MALFORMED", `${end - at} bytes follow the document`);
  return value;
}

// packages/cose/src/cbor/encode.ts
var encoder = /* @__PURE__ */ (() => new Encoder({
  mapsAsObjects: false,
  tagUint8Array: false,
  useRecords: false,
  useTag259ForMaps: false,
  variableMapSize: true
}))();
var MAX_DEPTH = 16;
function encodeCbor(value) {
  const bytes = encodeRaw(normalise(value, 0));
  decodeCbor(bytes);
  return bytes;
}
var encodeRaw = (value) => new Uint8Array(encoder.encode(value));
function normalise(value, depth) {
  if (depth > MAX_DEPTH) throw new TypeError(`encodeCbor: nested deeper than ${MAX_DEPTH}`);
  if (value === null || value === true || value === false) return value;
  if (typeof value === "string") {
    if (hasLoneSurrogate(value)) throw new TypeError("encodeCbor: text holds a lone surrogate");
    return value;
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value))
      throw new TypeError(`encodeCbor: ${value} is not an integer within \xB1(2^53\u22121)`);
    return value > 4294967295 || value < -4294967296 ? BigInt(value) : value === 0 ? 0 : value;
  }
  if (isBytes(value)) return value.constructor === Uint8Array ? value : new Uint8Array(value);
  if (Array.isArray(value)) return Array.from(value, (inner) => normalise(inner, depth + 1));
  if (value instanceof Map) {
    const entries = [];
    value.forEach((inner, key) => {
      if (typeof key !== "string" && typeof key !== "number") {
        throw new TypeError(`encodeCbor: a map key is ${typeof key}, expected an integer or text`);
      }
      const plain2 = normalise(key, depth + 1);
      entries.push({ inner: normalise(inner, depth + 1), key: plain2, order: encodeRaw(plain2) });
    });
    entries.sort((a, b) => compareBytes(a.order, b.order));
    return new Map(entries.map(({ key, inner }) => [key, inner]));
  }
  throw new TypeError(`encodeCbor: cannot encode ${Object.prototype.toString.call(value)}`);
}
function hasLoneSurrogate(text2) {
  for (let i2 = 0; i2 < text2.length; i2++) {
    const unit = text2.charCodeAt(i2);
    if (unit < 55296 || unit > 57343) continue;
    const next2 = text2.charCodeAt(i2 + 1);
    if (unit > 56319 || !(next2 >= 56320 && next2 <= 57343)) return true;
    i2++;
  }
  return false;
}

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/_u64.js
var U32_MASK64 = /* @__PURE__ */ (() => BigInt(2 ** 32 - 1))();
var _32n = /* @__PURE__ */ BigInt(32);
function fromBig(n, le = false) {
  if (le)
    return { h: Number(n & U32_MASK64), l: Number(n >> _32n & U32_MASK64) };
  return { h: Number(n >> _32n & U32_MASK64) | 0, l: Number(n & U32_MASK64) | 0 };
}
function split(lst, le = false) {
  const len = lst.length;
  let Ah = new Uint32Array(len);
  let Al = new Uint32Array(len);
  for (let i2 = 0; i2 < len; i2++) {
    const { h, l } = fromBig(lst[i2], le);
    [Ah[i2], Al[i2]] = [h, l];
  }
  return [Ah, Al];
}
var fromNumH = (n) => n / 2 ** 32 | 0;
var fromNumL = (n) => n >>> 0;
function setU64FromNum(view, byteOffset, n, isLE) {
  const h = fromNumH(n);
  const l = fromNumL(n);
  view.setUint32(byteOffset, isLE ? l : h, isLE);
  view.setUint32(byteOffset + 4, isLE ? h : l, isLE);
}
var shrSH = (h, _l, s) => h >>> s;
var shrSL = (h, l, s) => h << 32 - s | l >>> s;
var rotrSH = (h, l, s) => h >>> s | l << 32 - s;
var rotrSL = (h, l, s) => h << 32 - s | l >>> s;
var rotrBH = (h, l, s) => h << 64 - s | l >>> s - 32;
var rotrBL = (h, l, s) => h >>> s - 32 | l << 64 - s;
function add(Ah, Al, Bh, Bl) {
  const l = (Al >>> 0) + (Bl >>> 0);
  return { h: Ah + Bh + (l / 2 ** 32 | 0) | 0, l: l | 0 };
}
var add3L = (Al, Bl, Cl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0);
var add3H = (low, Ah, Bh, Ch) => Ah + Bh + Ch + (low / 2 ** 32 | 0) | 0;
var add4L = (Al, Bl, Cl, Dl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0);
var add4H = (low, Ah, Bh, Ch, Dh) => Ah + Bh + Ch + Dh + (low / 2 ** 32 | 0) | 0;
var add5L = (Al, Bl, Cl, Dl, El) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0) + (El >>> 0);
var add5H = (low, Ah, Bh, Ch, Dh, Eh) => Ah + Bh + Ch + Dh + Eh + (low / 2 ** 32 | 0) | 0;

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/utils.js
function isBytes2(a) {
  return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
}
var atitle = (title) => title ? `"${title}" ` : "";
function anumber(n, title = "") {
  if (typeof n !== "number")
    throw new TypeError(atitle(title) + "expected number, got " + typeof n);
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError(atitle(title) + "expected integer >= 0, got " + n);
  return n;
}
function abytes(value, length, title = "") {
  if (isBytes2(value) && (length === void 0 || value.length === length))
    return value;
  if (length !== void 0)
    anumber(length, "length");
  const bytes = isBytes2(value);
  const ofLen = length !== void 0 ? ` of length ${length}` : "";
  const got = bytes ? `length=${value.length}` : `type=${typeof value}`;
  const message = atitle(title) + "expected Uint8Array" + ofLen + ", got " + got;
  if (!bytes)
    throw new TypeError(message);
  throw new RangeError(message);
}
function ahash(h) {
  if (typeof h !== "function" || typeof h.create !== "function")
    throw new TypeError("expected hash wrapped by utils.createHasher");
  anumber(h.outputLen);
  anumber(h.blockLen);
  if (h.outputLen < 1 || h.blockLen < 1)
    throw new Error("hash blockLen / outputLen must be >= 1");
}
var aobject = (value, label) => {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError((label === "object" ? "" : `"${label}" `) + "expected object, got type=" + typeof value);
};
var aopts = (value, label) => {
  aobject(value, label);
  const proto = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null)
    throw new TypeError(`"${label}" expected plain object`);
  if (Object.hasOwn(value, "__proto__"))
    throw new TypeError(`"${label}.__proto__" is not allowed`);
};
function aexists(instance2, checkFinished = true) {
  if (instance2.destroyed)
    throw new Error("hash was destroyed");
  if (checkFinished && instance2.finished)
    throw new Error("digest() was already called");
}
function aoutput(out, instance2) {
  abytes(out, void 0, "output");
  const min = instance2.outputLen;
  if (!(out.length >= min)) {
    throw new RangeError('"output" expected length >= ' + min);
  }
}
function clean(...arrays) {
  for (let i2 = 0; i2 < arrays.length; i2++) {
    arrays[i2].fill(0);
  }
}
function createView(arr) {
  return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
}
function rotr(word, shift) {
  return word << 32 - shift | word >>> shift;
}
var hasHexBuiltin = /* @__PURE__ */ (() => (
  // @ts-ignore
  typeof Uint8Array.from([]).toHex === "function" && typeof Uint8Array.fromHex === "function"
))();
var hexes = /* @__PURE__ */ Array.from({ length: 256 }, (_, i2) => i2.toString(16).padStart(2, "0"));
function bytesToHex2(bytes) {
  abytes(bytes);
  if (hasHexBuiltin)
    return bytes.toHex();
  let hex = "";
  for (let i2 = 0; i2 < bytes.length; i2++) {
    hex += hexes[bytes[i2]];
  }
  return hex;
}
function asciiToBase16(ch) {
  return ch >= 48 && ch <= 57 ? ch - 48 : ch >= 65 && ch <= 70 ? ch - (65 - 10) : ch >= 97 && ch <= 102 ? ch - (97 - 10) : void 0;
}
function hexToBytes2(hex) {
  if (typeof hex !== "string")
    throw new TypeError("hex string expected, got " + typeof hex);
  if (hasHexBuiltin) {
    try {
      return Uint8Array.fromHex(hex);
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new RangeError(error.message);
      throw error;
    }
  }
  const hl = hex.length;
  const al = hl / 2;
  if (hl % 2)
    throw new RangeError("hex string expected, got unpadded hex of length " + hl);
  const array2 = new Uint8Array(al);
  for (let ai = 0, hi = 0; ai < al; ai++, hi += 2) {
    const n1 = asciiToBase16(hex.charCodeAt(hi));
    const n2 = asciiToBase16(hex.charCodeAt(hi + 1));
    if (n1 === void 0 || n2 === void 0) {
      const char = hex[hi] + hex[hi + 1];
      throw new RangeError('hex string expected, got non-hex character "' + char + '" at index ' + hi);
    }
    array2[ai] = n1 * 16 + n2;
  }
  return array2;
}
function concatBytes2(...arrays) {
  let sum = 0;
  for (let i2 = 0; i2 < arrays.length; i2++) {
    const a = arrays[i2];
    abytes(a);
    sum += a.length;
  }
  const res = new Uint8Array(sum);
  for (let i2 = 0, pad = 0; i2 < arrays.length; i2++) {
    const a = arrays[i2];
    res.set(a, pad);
    pad += a.length;
  }
  return res;
}
function checkOpts(defaults, opts, title = "opts") {
  aopts(defaults, "defaults");
  if (opts !== void 0)
    aopts(opts, title);
  const merged = Object.assign(/* @__PURE__ */ Object.create(null), defaults, opts);
  return merged;
}
function createHasher(hashCons, info = {}) {
  if (typeof hashCons !== "function")
    throw new TypeError('"hashCons" expected function, got type=' + typeof hashCons);
  info = checkOpts({}, info, "info");
  const hashC = (msg, opts) => hashCons(opts).update(msg).digest();
  const tmp = hashCons(void 0);
  hashC.outputLen = tmp.outputLen;
  hashC.blockLen = tmp.blockLen;
  hashC.canXOF = tmp.canXOF;
  hashC.create = (opts) => hashCons(opts);
  Object.assign(hashC, info);
  return Object.freeze(hashC);
}
function randomBytes(bytesLength = 32) {
  anumber(bytesLength, "bytesLength");
  const cr = typeof globalThis === "object" ? globalThis.crypto : null;
  if (typeof cr?.getRandomValues !== "function")
    throw new Error("crypto.getRandomValues must be defined");
  if (bytesLength > 65536)
    throw new RangeError(`"bytesLength" expected <= 65536, got ${bytesLength}`);
  return cr.getRandomValues(new Uint8Array(bytesLength));
}
var oidNist = (suffix) => ({
  // Current NIST hashAlgs suffixes used here fit in one DER subidentifier octet.
  // Larger suffix values would need base-128 OID encoding and a different length byte.
  oid: Uint8Array.from([6, 9, 96, 134, 72, 1, 101, 3, 4, 2, suffix])
});

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/_md.js
function Chi(a, b, c) {
  return a & b ^ ~a & c;
}
function Maj(a, b, c) {
  return a & b ^ a & c ^ b & c;
}
var HashMD = class {
  blockLen;
  outputLen;
  canXOF = false;
  padOffset;
  isLE;
  // For partial updates less than block size
  buffer;
  view;
  finished = false;
  length = 0;
  pos = 0;
  destroyed = false;
  constructor(blockLen, outputLen, padOffset, isLE) {
    this.blockLen = blockLen;
    this.outputLen = outputLen;
    this.padOffset = padOffset;
    this.isLE = isLE;
    this.buffer = new Uint8Array(blockLen);
    this.view = createView(this.buffer);
  }
  update(data) {
    aexists(this);
    abytes(data);
    const { view, buffer, blockLen } = this;
    const len = data.length;
    let processed = false;
    for (let pos = 0; pos < len; ) {
      const take = Math.min(blockLen - this.pos, len - pos);
      if (take === blockLen) {
        const dataView2 = createView(data);
        for (; blockLen <= len - pos; pos += blockLen)
          this.process(dataView2, pos);
        processed = true;
        continue;
      }
      buffer.set(pos === 0 && take === len ? data : data.subarray(pos, pos + take), this.pos);
      this.pos += take;
      pos += take;
      if (this.pos === blockLen) {
        this.process(view, 0);
        this.pos = 0;
        processed = true;
      }
    }
    this.length += data.length;
    if (processed)
      this.roundClean();
    return this;
  }
  digestInto(out) {
    aexists(this);
    aoutput(out, this);
    this.finished = true;
    const { buffer, view, blockLen, isLE } = this;
    let { pos } = this;
    buffer[pos++] = 128;
    buffer.fill(0, pos);
    if (this.padOffset > blockLen - pos) {
      this.process(view, 0);
      buffer.fill(0);
    }
    setU64FromNum(view, blockLen - 8, this.length * 8, isLE);
    this.process(view, 0);
    this.roundClean();
    const oview = out === buffer ? view : createView(out);
    const len = this.outputLen;
    const outLen = len / 4;
    const state = this.get();
    if (len % 4 || outLen > state.length)
      throw new Error("invalid outputLen");
    for (let i2 = 0; i2 < outLen; i2++)
      oview.setUint32(4 * i2, state[i2], isLE);
  }
  digest() {
    const { buffer, outputLen } = this;
    this.digestInto(buffer);
    const res = buffer.slice(0, outputLen);
    this.destroy();
    return res;
  }
  _cloneIntoMeta(to) {
    const { buffer, length, finished, destroyed, pos } = this;
    to.destroyed = destroyed;
    to.finished = finished;
    to.length = length;
    to.pos = pos;
    if (pos)
      to.buffer.set(buffer);
    return to;
  }
  clone() {
    return this._cloneInto();
  }
};
var SHA256_IV = /* @__PURE__ */ Uint32Array.from([
  1779033703,
  3144134277,
  1013904242,
  2773480762,
  1359893119,
  2600822924,
  528734635,
  1541459225
]);
var SHA512_IV = /* @__PURE__ */ Uint32Array.from([
  1779033703,
  4089235720,
  3144134277,
  2227873595,
  1013904242,
  4271175723,
  2773480762,
  1595750129,
  1359893119,
  2917565137,
  2600822924,
  725511199,
  528734635,
  4215389547,
  1541459225,
  327033209
]);

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/sha2.js
var SHA256_K = /* @__PURE__ */ Uint32Array.from([
  1116352408,
  1899447441,
  3049323471,
  3921009573,
  961987163,
  1508970993,
  2453635748,
  2870763221,
  3624381080,
  310598401,
  607225278,
  1426881987,
  1925078388,
  2162078206,
  2614888103,
  3248222580,
  3835390401,
  4022224774,
  264347078,
  604807628,
  770255983,
  1249150122,
  1555081692,
  1996064986,
  2554220882,
  2821834349,
  2952996808,
  3210313671,
  3336571891,
  3584528711,
  113926993,
  338241895,
  666307205,
  773529912,
  1294757372,
  1396182291,
  1695183700,
  1986661051,
  2177026350,
  2456956037,
  2730485921,
  2820302411,
  3259730800,
  3345764771,
  3516065817,
  3600352804,
  4094571909,
  275423344,
  430227734,
  506948616,
  659060556,
  883997877,
  958139571,
  1322822218,
  1537002063,
  1747873779,
  1955562222,
  2024104815,
  2227730452,
  2361852424,
  2428436474,
  2756734187,
  3204031479,
  3329325298
]);
var SHA256_W = /* @__PURE__ */ new Uint32Array(64);
var SHA2_32B = class extends HashMD {
  // We cannot use array here since array allows indexing by variable
  // which means optimizer/compiler cannot use registers.
  // Numeric initializers matter: starting the fields as `undefined` changes
  // V8's field representation and makes sha256 3x slower (measured).
  A = 0;
  B = 0;
  C = 0;
  D = 0;
  E = 0;
  F = 0;
  G = 0;
  H = 0;
  constructor(outputLen, IV) {
    super(64, outputLen, 8, false);
    this.A = IV[0] | 0;
    this.B = IV[1] | 0;
    this.C = IV[2] | 0;
    this.D = IV[3] | 0;
    this.E = IV[4] | 0;
    this.F = IV[5] | 0;
    this.G = IV[6] | 0;
    this.H = IV[7] | 0;
  }
  get() {
    const { A, B, C, D, E, F, G, H } = this;
    return [A, B, C, D, E, F, G, H];
  }
  // prettier-ignore
  set(A, B, C, D, E, F, G, H) {
    this.A = A | 0;
    this.B = B | 0;
    this.C = C | 0;
    this.D = D | 0;
    this.E = E | 0;
    this.F = F | 0;
    this.G = G | 0;
    this.H = H | 0;
  }
  _cloneInto(to) {
    (to ||= new this.constructor()).set(...this.get());
    return this._cloneIntoMeta(to);
  }
  process(view, offset) {
    for (let i2 = 0; i2 < 16; i2++, offset += 4)
      SHA256_W[i2] = view.getUint32(offset, false);
    for (let i2 = 16; i2 < 64; i2++) {
      const W15 = SHA256_W[i2 - 15];
      const W2 = SHA256_W[i2 - 2];
      const s0 = rotr(W15, 7) ^ rotr(W15, 18) ^ W15 >>> 3;
      const s1 = rotr(W2, 17) ^ rotr(W2, 19) ^ W2 >>> 10;
      SHA256_W[i2] = s1 + SHA256_W[i2 - 7] + s0 + SHA256_W[i2 - 16] | 0;
    }
    let { A, B, C, D, E, F, G, H } = this;
    for (let i2 = 0; i2 < 64; i2++) {
      const sigma1 = rotr(E, 6) ^ rotr(E, 11) ^ rotr(E, 25);
      const T1 = H + sigma1 + Chi(E, F, G) + SHA256_K[i2] + SHA256_W[i2] | 0;
      const sigma0 = rotr(A, 2) ^ rotr(A, 13) ^ rotr(A, 22);
      const T2 = sigma0 + Maj(A, B, C) | 0;
      H = G;
      G = F;
      F = E;
      E = D + T1 | 0;
      D = C;
      C = B;
      B = A;
      A = T1 + T2 | 0;
    }
    A = A + this.A | 0;
    B = B + this.B | 0;
    C = C + this.C | 0;
    D = D + this.D | 0;
    E = E + this.E | 0;
    F = F + this.F | 0;
    G = G + this.G | 0;
    H = H + this.H | 0;
    this.set(A, B, C, D, E, F, G, H);
  }
  roundClean() {
    clean(SHA256_W);
  }
  destroy() {
    this.destroyed = true;
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
    clean(this.buffer);
  }
};
var _SHA256 = class extends SHA2_32B {
  constructor() {
    super(32, SHA256_IV);
  }
};
var K512 = /* @__PURE__ */ (() => split([
  "0x428a2f98d728ae22",
  "0x7137449123ef65cd",
  "0xb5c0fbcfec4d3b2f",
  "0xe9b5dba58189dbbc",
  "0x3956c25bf348b538",
  "0x59f111f1b605d019",
  "0x923f82a4af194f9b",
  "0xab1c5ed5da6d8118",
  "0xd807aa98a3030242",
  "0x12835b0145706fbe",
  "0x243185be4ee4b28c",
  "0x550c7dc3d5ffb4e2",
  "0x72be5d74f27b896f",
  "0x80deb1fe3b1696b1",
  "0x9bdc06a725c71235",
  "0xc19bf174cf692694",
  "0xe49b69c19ef14ad2",
  "0xefbe4786384f25e3",
  "0x0fc19dc68b8cd5b5",
  "0x240ca1cc77ac9c65",
  "0x2de92c6f592b0275",
  "0x4a7484aa6ea6e483",
  "0x5cb0a9dcbd41fbd4",
  "0x76f988da831153b5",
  "0x983e5152ee66dfab",
  "0xa831c66d2db43210",
  "0xb00327c898fb213f",
  "0xbf597fc7beef0ee4",
  "0xc6e00bf33da88fc2",
  "0xd5a79147930aa725",
  "0x06ca6351e003826f",
  "0x142929670a0e6e70",
  "0x27b70a8546d22ffc",
  "0x2e1b21385c26c926",
  "0x4d2c6dfc5ac42aed",
  "0x53380d139d95b3df",
  "0x650a73548baf63de",
  "0x766a0abb3c77b2a8",
  "0x81c2c92e47edaee6",
  "0x92722c851482353b",
  "0xa2bfe8a14cf10364",
  "0xa81a664bbc423001",
  "0xc24b8b70d0f89791",
  "0xc76c51a30654be30",
  "0xd192e819d6ef5218",
  "0xd69906245565a910",
  "0xf40e35855771202a",
  "0x106aa07032bbd1b8",
  "0x19a4c116b8d2d0c8",
  "0x1e376c085141ab53",
  "0x2748774cdf8eeb99",
  "0x34b0bcb5e19b48a8",
  "0x391c0cb3c5c95a63",
  "0x4ed8aa4ae3418acb",
  "0x5b9cca4f7763e373",
  "0x682e6ff3d6b2b8a3",
  "0x748f82ee5defb2fc",
  "0x78a5636f43172f60",
  "0x84c87814a1f0ab72",
  "0x8cc702081a6439ec",
  "0x90befffa23631e28",
  "0xa4506cebde82bde9",
  "0xbef9a3f7b2c67915",
  "0xc67178f2e372532b",
  "0xca273eceea26619c",
  "0xd186b8c721c0c207",
  "0xeada7dd6cde0eb1e",
  "0xf57d4f7fee6ed178",
  "0x06f067aa72176fba",
  "0x0a637dc5a2c898a6",
  "0x113f9804bef90dae",
  "0x1b710b35131c471b",
  "0x28db77f523047d84",
  "0x32caab7b40c72493",
  "0x3c9ebe0a15c9bebc",
  "0x431d67c49c100d4c",
  "0x4cc5d4becb3e42b6",
  "0x597f299cfc657e2a",
  "0x5fcb6fab3ad6faec",
  "0x6c44198c4a475817"
].map((n) => BigInt(n))))();
var SHA512_Kh = /* @__PURE__ */ (() => K512[0])();
var SHA512_Kl = /* @__PURE__ */ (() => K512[1])();
var SHA512_W_H = /* @__PURE__ */ new Uint32Array(80);
var SHA512_W_L = /* @__PURE__ */ new Uint32Array(80);
var SHA2_64B = class extends HashMD {
  // We cannot use array here since array allows indexing by variable
  // which means optimizer/compiler cannot use registers.
  // h -- high 32 bits, l -- low 32 bits
  // Numeric initializers matter: starting the fields as `undefined` changes
  // V8's field representation and slows hashing down (measured on sha256).
  Ah = 0;
  Al = 0;
  Bh = 0;
  Bl = 0;
  Ch = 0;
  Cl = 0;
  Dh = 0;
  Dl = 0;
  Eh = 0;
  El = 0;
  Fh = 0;
  Fl = 0;
  Gh = 0;
  Gl = 0;
  Hh = 0;
  Hl = 0;
  constructor(outputLen, IV) {
    super(128, outputLen, 16, false);
    this.Ah = IV[0] | 0;
    this.Al = IV[1] | 0;
    this.Bh = IV[2] | 0;
    this.Bl = IV[3] | 0;
    this.Ch = IV[4] | 0;
    this.Cl = IV[5] | 0;
    this.Dh = IV[6] | 0;
    this.Dl = IV[7] | 0;
    this.Eh = IV[8] | 0;
    this.El = IV[9] | 0;
    this.Fh = IV[10] | 0;
    this.Fl = IV[11] | 0;
    this.Gh = IV[12] | 0;
    this.Gl = IV[13] | 0;
    this.Hh = IV[14] | 0;
    this.Hl = IV[15] | 0;
  }
  // prettier-ignore
  get() {
    const { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
    return [Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl];
  }
  // prettier-ignore
  set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl) {
    this.Ah = Ah | 0;
    this.Al = Al | 0;
    this.Bh = Bh | 0;
    this.Bl = Bl | 0;
    this.Ch = Ch | 0;
    this.Cl = Cl | 0;
    this.Dh = Dh | 0;
    this.Dl = Dl | 0;
    this.Eh = Eh | 0;
    this.El = El | 0;
    this.Fh = Fh | 0;
    this.Fl = Fl | 0;
    this.Gh = Gh | 0;
    this.Gl = Gl | 0;
    this.Hh = Hh | 0;
    this.Hl = Hl | 0;
  }
  _cloneInto(to) {
    (to ||= new this.constructor()).set(...this.get());
    return this._cloneIntoMeta(to);
  }
  process(view, offset) {
    for (let i2 = 0; i2 < 16; i2++, offset += 4) {
      SHA512_W_H[i2] = view.getUint32(offset);
      SHA512_W_L[i2] = view.getUint32(offset += 4);
    }
    for (let i2 = 16; i2 < 80; i2++) {
      const W15h = SHA512_W_H[i2 - 15] | 0;
      const W15l = SHA512_W_L[i2 - 15] | 0;
      const s0h = rotrSH(W15h, W15l, 1) ^ rotrSH(W15h, W15l, 8) ^ shrSH(W15h, W15l, 7);
      const s0l = rotrSL(W15h, W15l, 1) ^ rotrSL(W15h, W15l, 8) ^ shrSL(W15h, W15l, 7);
      const W2h = SHA512_W_H[i2 - 2] | 0;
      const W2l = SHA512_W_L[i2 - 2] | 0;
      const s1h = rotrSH(W2h, W2l, 19) ^ rotrBH(W2h, W2l, 61) ^ shrSH(W2h, W2l, 6);
      const s1l = rotrSL(W2h, W2l, 19) ^ rotrBL(W2h, W2l, 61) ^ shrSL(W2h, W2l, 6);
      const SUMl = add4L(s0l, s1l, SHA512_W_L[i2 - 7], SHA512_W_L[i2 - 16]);
      const SUMh = add4H(SUMl, s0h, s1h, SHA512_W_H[i2 - 7], SHA512_W_H[i2 - 16]);
      SHA512_W_H[i2] = SUMh | 0;
      SHA512_W_L[i2] = SUMl | 0;
    }
    let { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
    for (let i2 = 0; i2 < 80; i2++) {
      const sigma1h = rotrSH(Eh, El, 14) ^ rotrSH(Eh, El, 18) ^ rotrBH(Eh, El, 41);
      const sigma1l = rotrSL(Eh, El, 14) ^ rotrSL(Eh, El, 18) ^ rotrBL(Eh, El, 41);
      const CHIh = Eh & Fh ^ ~Eh & Gh;
      const CHIl = El & Fl ^ ~El & Gl;
      const T1ll = add5L(Hl, sigma1l, CHIl, SHA512_Kl[i2], SHA512_W_L[i2]);
      const T1h = add5H(T1ll, Hh, sigma1h, CHIh, SHA512_Kh[i2], SHA512_W_H[i2]);
      const T1l = T1ll | 0;
      const sigma0h = rotrSH(Ah, Al, 28) ^ rotrBH(Ah, Al, 34) ^ rotrBH(Ah, Al, 39);
      const sigma0l = rotrSL(Ah, Al, 28) ^ rotrBL(Ah, Al, 34) ^ rotrBL(Ah, Al, 39);
      const MAJh = Ah & Bh ^ Ah & Ch ^ Bh & Ch;
      const MAJl = Al & Bl ^ Al & Cl ^ Bl & Cl;
      Hh = Gh | 0;
      Hl = Gl | 0;
      Gh = Fh | 0;
      Gl = Fl | 0;
      Fh = Eh | 0;
      Fl = El | 0;
      ({ h: Eh, l: El } = add(Dh | 0, Dl | 0, T1h | 0, T1l | 0));
      Dh = Ch | 0;
      Dl = Cl | 0;
      Ch = Bh | 0;
      Cl = Bl | 0;
      Bh = Ah | 0;
      Bl = Al | 0;
      const All = add3L(T1l, sigma0l, MAJl);
      Ah = add3H(All, T1h, sigma0h, MAJh);
      Al = All | 0;
    }
    ({ h: Ah, l: Al } = add(this.Ah | 0, this.Al | 0, Ah | 0, Al | 0));
    ({ h: Bh, l: Bl } = add(this.Bh | 0, this.Bl | 0, Bh | 0, Bl | 0));
    ({ h: Ch, l: Cl } = add(this.Ch | 0, this.Cl | 0, Ch | 0, Cl | 0));
    ({ h: Dh, l: Dl } = add(this.Dh | 0, this.Dl | 0, Dh | 0, Dl | 0));
    ({ h: Eh, l: El } = add(this.Eh | 0, this.El | 0, Eh | 0, El | 0));
    ({ h: Fh, l: Fl } = add(this.Fh | 0, this.Fl | 0, Fh | 0, Fl | 0));
    ({ h: Gh, l: Gl } = add(this.Gh | 0, this.Gl | 0, Gh | 0, Gl | 0));
    ({ h: Hh, l: Hl } = add(this.Hh | 0, this.Hl | 0, Hh | 0, Hl | 0));
    this.set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl);
  }
  roundClean() {
    clean(SHA512_W_H, SHA512_W_L);
  }
  destroy() {
    this.destroyed = true;
    clean(this.buffer);
    this.set(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
};
var _SHA512 = class extends SHA2_64B {
  constructor() {
    super(64, SHA512_IV);
  }
};
var sha256 = /* @__PURE__ */ createHasher(
  () => new _SHA256(),
  /* @__PURE__ */ oidNist(1)
);
var sha512 = /* @__PURE__ */ createHasher(
  () => new _SHA512(),
  /* @__PURE__ */ oidNist(3)
);

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/hmac.js
var _HMAC = class {
  oHash;
  iHash;
  blockLen;
  outputLen;
  canXOF = false;
  finished = false;
  destroyed = false;
  constructor(hash2, key) {
    ahash(hash2);
    abytes(key, void 0, "key");
    this.iHash = hash2.create();
    if (typeof this.iHash.update !== "function")
      throw new Error("expected Hash instance");
    this.blockLen = this.iHash.blockLen;
    this.outputLen = this.iHash.outputLen;
    const blockLen = this.blockLen;
    const pad = new Uint8Array(blockLen);
    pad.set(key.length > blockLen ? hash2.create().update(key).digest() : key);
    for (let i2 = 0; i2 < pad.length; i2++)
      pad[i2] ^= 54;
    this.iHash.update(pad);
    this.oHash = hash2.create();
    for (let i2 = 0; i2 < pad.length; i2++)
      pad[i2] ^= 54 ^ 92;
    this.oHash.update(pad);
    clean(pad);
  }
  update(buf) {
    aexists(this);
    this.iHash.update(buf);
    return this;
  }
  digestInto(out) {
    aexists(this);
    aoutput(out, this);
    this.finished = true;
    const buf = out.subarray(0, this.outputLen);
    this.iHash.digestInto(buf);
    this.oHash.update(buf);
    this.oHash.digestInto(buf);
    this.destroy();
  }
  digest() {
    const out = new Uint8Array(this.oHash.outputLen);
    this.digestInto(out);
    return out;
  }
  _cloneInto(to) {
    to ||= Object.create(Object.getPrototypeOf(this), {});
    const { oHash, iHash, finished, destroyed, blockLen, outputLen, canXOF } = this;
    to = to;
    to.finished = finished;
    to.destroyed = destroyed;
    to.blockLen = blockLen;
    to.outputLen = outputLen;
    to.canXOF = canXOF;
    to.oHash = oHash._cloneInto(to.oHash);
    to.iHash = iHash._cloneInto(to.iHash);
    return to;
  }
  clone() {
    return this._cloneInto();
  }
  destroy() {
    this.destroyed = true;
    this.oHash.destroy();
    this.iHash.destroy();
  }
};
var hmac = /* @__PURE__ */ (() => {
  const hmac_ = ((hash2, key, message) => new _HMAC(hash2, key).update(message).digest());
  hmac_.create = (hash2, key) => new _HMAC(hash2, key);
  return hmac_;
})();

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/utils.js
function aarray(item, title, inner = () => {
}) {
  if (!Array.isArray(item))
    throw new TypeError(`"${title}" expected array, got type=${typeof item}`);
  for (let i2 = 0; i2 < item.length; i2++)
    inner(item[i2], `${title}[${i2}]`);
  return item;
}
var abytes2 = (value, length, title) => abytes(value, length, title);
var anumber2 = anumber;
function astring(value, title = "") {
  if (typeof value !== "string") {
    const prefix = title && `"${title}" `;
    throw new TypeError(prefix + "expected string, got type=" + typeof value);
  }
  return value;
}
function aobject2(value, title = "object") {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(title === "object" ? "expected valid options object" : `"${title}" expected object, got type=${typeof value}`);
  return value;
}
function afunction(value, title) {
  if (typeof value !== "function")
    throw new TypeError(`"${title}" is invalid: expected function, got ${typeof value}`);
  return value;
}
var bytesToHex3 = bytesToHex2;
var concatBytes3 = (...arrays) => concatBytes2(...arrays);
var hexToBytes3 = (hex) => hexToBytes2(hex);
var isBytes3 = isBytes2;
var randomBytes2 = (bytesLength) => randomBytes(bytesLength);
var _0n = /* @__PURE__ */ BigInt(0);
var _1n = /* @__PURE__ */ BigInt(1);
var atitle2 = (title) => title ? `"${title}" ` : "";
function abool(value, title = "") {
  if (typeof value !== "boolean")
    throw new TypeError(atitle2(title) + "expected boolean, got type=" + typeof value);
  return value;
}
function abignumber(n) {
  if (typeof n === "bigint") {
    if (!isPosBig(n))
      throw new RangeError("positive bigint expected, got " + n);
  } else
    anumber2(n);
  return n;
}
function asafenumber(value, title = "") {
  if (typeof value !== "number") {
    const prefix = title && `"${title}" `;
    throw new TypeError(prefix + "expected number, got type=" + typeof value);
  }
  if (!Number.isSafeInteger(value)) {
    const prefix = title && `"${title}" `;
    throw new RangeError(prefix + "expected safe integer, got " + value);
  }
}
function numberToHexUnpadded(num) {
  const hex = abignumber(num).toString(16);
  return hex.length & 1 ? "0" + hex : hex;
}
function hexToNumber(hex) {
  if (typeof hex !== "string")
    throw new TypeError("hex string expected, got " + typeof hex);
  return hex === "" ? _0n : BigInt("0x" + hex);
}
function bytesToNumberBE(bytes) {
  return hexToNumber(bytesToHex2(bytes));
}
function bytesToNumberLE(bytes) {
  return hexToNumber(bytesToHex2(copyBytes(abytes(bytes)).reverse()));
}
function numberToBytesBE(n, len) {
  anumber(len);
  if (len === 0)
    throw new Error("zero output length is invalid");
  n = abignumber(n);
  const expectedLen = len * 2;
  const hex = n.toString(16);
  if (hex.length > expectedLen)
    throw new RangeError("number is too large");
  return hexToBytes2(hex.padStart(expectedLen, "0"));
}
function numberToBytesLE(n, len) {
  return numberToBytesBE(n, len).reverse();
}
function copyBytes(bytes) {
  return Uint8Array.from(abytes2(bytes));
}
function isPosBig(n) {
  return typeof n === "bigint" && _0n <= n;
}
function inRange(n, min, max2) {
  return isPosBig(n) && isPosBig(min) && isPosBig(max2) && min <= n && n < max2;
}
function aInRange(title, n, min, max2) {
  if (!inRange(n, min, max2))
    throw new RangeError("expected valid " + title + ": " + min + " <= n < " + max2 + ", got " + n);
}
function bitLen(n) {
  if (n < _0n)
    throw new Error("expected non-negative bigint, got " + n);
  return n === _0n ? 0 : n.toString(2).length;
}
var bitMask = (n) => {
  asafenumber(n, "n");
  return (_1n << BigInt(n)) - _1n;
};
function createHmacDrbg(hashLen, qByteLen, hmacFn) {
  anumber(hashLen, "hashLen");
  anumber(qByteLen, "qByteLen");
  if (typeof hmacFn !== "function")
    throw new TypeError("hmacFn must be a function");
  const u8n = (len) => new Uint8Array(len);
  const NULL = Uint8Array.of();
  const byte0 = Uint8Array.of(0);
  const byte1 = Uint8Array.of(1);
  const _maxDrbgIters = 1e3;
  let v = u8n(hashLen);
  let k = u8n(hashLen);
  let i2 = 0;
  const reset = () => {
    v.fill(1);
    k.fill(0);
    i2 = 0;
  };
  const h = (...msgs) => hmacFn(k, concatBytes3(v, ...msgs));
  const reseed = (seed = NULL) => {
    k = h(byte0, seed);
    v = h();
    if (seed.length === 0)
      return;
    k = h(byte1, seed);
    v = h();
  };
  const gen = () => {
    if (i2++ >= _maxDrbgIters)
      throw new Error("drbg: tried max amount of iterations");
    let len = 0;
    const out = [];
    while (len < qByteLen) {
      v = h();
      const sl = v.slice();
      out.push(sl);
      len += v.length;
    }
    return concatBytes3(...out);
  };
  const genUntil = (seed, pred) => {
    reset();
    reseed(seed);
    let res = void 0;
    while ((res = pred(gen())) === void 0)
      reseed();
    reset();
    return res;
  };
  return genUntil;
}
function validateObject(object, fields = {}, optFields = {}, title = "object") {
  aobject2(object, title);
  aobject2(fields, "fields");
  aobject2(optFields, "optFields");
  function checkField(fieldName, expectedType, isOpt) {
    const label = title === "object" ? `param "${String(fieldName)}"` : `"${title}.${String(fieldName)}"`;
    const val = object[fieldName];
    if (!Object.hasOwn(object, fieldName) && (isOpt ? val !== void 0 : expectedType !== "function")) {
      throw new TypeError(`${label} is invalid: expected own property`);
    }
    if (isOpt && val === void 0)
      return;
    const current = typeof val;
    if (current !== expectedType || val === null)
      throw new TypeError(`${label} is invalid: expected ${expectedType}, got ${current}`);
  }
  const iter = (f, isOpt) => Object.entries(f).forEach(([k, v]) => checkField(k, v, isOpt));
  iter(fields, false);
  iter(optFields, true);
}

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/abstract/modular.js
var _0n2 = /* @__PURE__ */ BigInt(0);
var _1n2 = /* @__PURE__ */ BigInt(1);
var _2n = /* @__PURE__ */ BigInt(2);
var _3n = /* @__PURE__ */ BigInt(3);
var _4n = /* @__PURE__ */ BigInt(4);
var _5n = /* @__PURE__ */ BigInt(5);
var _7n = /* @__PURE__ */ BigInt(7);
var _8n = /* @__PURE__ */ BigInt(8);
var _9n = /* @__PURE__ */ BigInt(9);
var _15n = /* @__PURE__ */ BigInt(15);
var _16n = /* @__PURE__ */ BigInt(16);
var POW_WINDOWED_MIN = /* @__PURE__ */ BigInt("0x10000000000000000");
function mod(a, b) {
  if (b <= _0n2)
    throw new Error("mod: expected positive modulus, got " + b);
  const result = a % b;
  return result >= _0n2 ? result : b + result;
}
function pow(num, power, modulo) {
  if (modulo <= _1n2)
    throw new Error("pow: expected modulus > 1, got " + modulo);
  if (typeof power !== "bigint")
    throw new TypeError("invalid exponent: expected bigint, got " + typeof power);
  if (power < _0n2)
    throw new Error("invalid exponent, negatives unsupported");
  if (power === _0n2)
    return _1n2;
  if (power === _1n2)
    return num;
  let d = num % modulo;
  if (d < _0n2)
    d += modulo;
  if (power < POW_WINDOWED_MIN) {
    let p2 = _1n2;
    while (power > _0n2) {
      if (power & _1n2)
        p2 = p2 * d % modulo;
      d = d * d % modulo;
      power >>= _1n2;
    }
    return p2;
  }
  const digits = [];
  while (power > _0n2) {
    digits.push(Number(power & _15n));
    power >>= _4n;
  }
  const table = new Array(16);
  table[0] = _1n2;
  table[1] = d;
  for (let i2 = 2; i2 < 16; i2++)
    table[i2] = table[i2 - 1] * d % modulo;
  let p = table[digits[digits.length - 1]];
  for (let w = digits.length - 2; w >= 0; w--) {
    p = p * p % modulo;
    p = p * p % modulo;
    p = p * p % modulo;
    p = p * p % modulo;
    const digit2 = digits[w];
    if (digit2 !== 0)
      p = p * table[digit2] % modulo;
  }
  return p;
}
function pow2(x2, power, modulo) {
  if (modulo <= _1n2)
    throw new Error("pow2: expected modulus > 1, got " + modulo);
  if (power < _0n2)
    throw new Error("pow2: expected non-negative exponent, got " + power);
  let res = x2;
  while (power-- > _0n2) {
    res *= res;
    res %= modulo;
  }
  return res;
}
function invert(number2, modulo) {
  if (number2 === _0n2)
    throw new Error("invert: expected non-zero number");
  if (modulo <= _1n2)
    throw new Error("invert: expected modulus > 1, got " + modulo);
  let a = mod(number2, modulo);
  let b = modulo;
  let x2 = _0n2, u = _1n2;
  while (a !== _0n2) {
    const q = b / a;
    const r = b - a * q;
    const m = x2 - u * q;
    b = a, a = r, x2 = u, u = m;
  }
  const gcd = b;
  if (gcd !== _1n2)
    throw new Error("invert: does not exist");
  return mod(x2, modulo);
}
function invertCt(a, prime) {
  if (prime <= _1n2)
    throw new Error("invertCt: expected prime modulus > 1, got " + prime);
  const an = mod(a, prime);
  if (an === _0n2)
    throw new Error("invertCt: expected non-zero number");
  const inverse = pow(an, prime - _2n, prime);
  if (mod(an * inverse, prime) !== _1n2)
    throw new Error("invertCt: does not exist");
  return inverse;
}
function assertIsSquare(Fp2, root, n) {
  const F = Fp2;
  if (!F.eql(F.sqr(root), n))
    throw new Error("Cannot find square root");
}
function aoddModulus(order, fnName) {
  if ((order & _1n2) === _0n2)
    throw new Error(fnName + ": expected odd modulus, got " + order);
}
function sqrt3mod4(Fp2, n) {
  const F = Fp2;
  const p1div4 = (F.ORDER + _1n2) / _4n;
  const root = F.pow(n, p1div4);
  assertIsSquare(F, root, n);
  return root;
}
function sqrt5mod8(Fp2, n) {
  const F = Fp2;
  const p5div8 = (F.ORDER - _5n) / _8n;
  const n2 = F.mul(n, _2n);
  const v = F.pow(n2, p5div8);
  const nv = F.mul(n, v);
  const i2 = F.mul(F.mul(nv, _2n), v);
  const root = F.mul(nv, F.sub(i2, F.ONE));
  assertIsSquare(F, root, n);
  return root;
}
function sqrt9mod16(P) {
  const Fp_ = Field(P);
  const tn = tonelliShanks(P);
  const c1 = tn(Fp_, Fp_.neg(Fp_.ONE));
  const c2 = tn(Fp_, c1);
  const c3 = tn(Fp_, Fp_.neg(c1));
  const c4 = (P + _7n) / _16n;
  return ((Fp2, n) => {
    const F = Fp2;
    let tv1 = F.pow(n, c4);
    let tv2 = F.mul(tv1, c1);
    const tv3 = F.mul(tv1, c2);
    const tv4 = F.mul(tv1, c3);
    const e1 = F.eql(F.sqr(tv2), n);
    const e2 = F.eql(F.sqr(tv3), n);
    tv1 = F.cmov(tv1, tv2, e1);
    tv2 = F.cmov(tv4, tv3, e2);
    const e3 = F.eql(F.sqr(tv2), n);
    const root = F.cmov(tv1, tv2, e3);
    assertIsSquare(F, root, n);
    return root;
  });
}
function tonelliShanks(P) {
  if (P < _3n)
    throw new Error("sqrt is not defined for small field");
  aoddModulus(P, "tonelliShanks");
  let Q = P - _1n2;
  let S = 0;
  while (Q % _2n === _0n2) {
    Q /= _2n;
    S++;
  }
  let Z = _2n;
  const _Fp = Field(P);
  while (FpLegendre(_Fp, Z) === 1) {
    if (Z++ > 1e3)
      throw new Error("Cannot find square root: probably non-prime P");
  }
  if (S === 1)
    return sqrt3mod4;
  let cc = _Fp.pow(Z, Q);
  const Q1div2 = (Q + _1n2) / _2n;
  return function tonelliSlow(Fp2, n) {
    const F = Fp2;
    if (F.is0(n))
      return n;
    if (FpLegendre(F, n) !== 1)
      throw new Error("Cannot find square root");
    let M = S;
    let c = F.mul(F.ONE, cc);
    let t = F.pow(n, Q);
    let R = F.pow(n, Q1div2);
    while (!F.eql(t, F.ONE)) {
      if (F.is0(t))
        throw new Error("Cannot find square root: probably non-prime P");
      let i2 = 1;
      let t_tmp = F.sqr(t);
      while (!F.eql(t_tmp, F.ONE)) {
        i2++;
        t_tmp = F.sqr(t_tmp);
        if (i2 === M)
          throw new Error("Cannot find square root");
      }
      const exponent = _1n2 << BigInt(M - i2 - 1);
      const b = F.pow(c, exponent);
      M = i2;
      c = F.sqr(b);
      t = F.mul(t, c);
      R = F.mul(R, b);
    }
    return R;
  };
}
function FpSqrt(P) {
  aoddModulus(P, "Fp.sqrt");
  if (P % _4n === _3n)
    return sqrt3mod4;
  if (P % _8n === _5n)
    return sqrt5mod8;
  if (P % _16n === _9n)
    return sqrt9mod16(P);
  return tonelliShanks(P);
}
var isNegativeLE = (num, modulo) => (mod(num, modulo) & _1n2) === _1n2;
var FIELD_FIELDS = [
  "create",
  "isValid",
  "is0",
  "neg",
  "inv",
  "sqrt",
  "sqr",
  "eql",
  "add",
  "sub",
  "mul",
  "pow",
  "div",
  "addN",
  "subN",
  "mulN",
  "sqrN"
];
function validateField(field2) {
  aobject2(field2, "field");
  if (typeof field2.ORDER !== "bigint")
    throw new TypeError('param "ORDER" is invalid: expected bigint, got ' + typeof field2.ORDER);
  asafenumber(field2.BYTES, "BYTES");
  asafenumber(field2.BITS, "BITS");
  for (const name of FIELD_FIELDS)
    afunction(field2[name], "field." + name);
  if (field2.BYTES < 1 || field2.BITS < 1)
    throw new Error("invalid field: expected BYTES/BITS > 0");
  if (field2.ORDER <= _1n2)
    throw new Error("invalid field: expected ORDER > 1, got " + field2.ORDER);
  return field2;
}
function FpInvertBatch(Fp2, nums, passZero = false) {
  validateField(Fp2);
  aarray(nums, "nums");
  abool(passZero, "passZero");
  const F = Fp2;
  const inverted = new Array(nums.length).fill(passZero ? F.ZERO : void 0);
  const multipliedAcc = nums.reduce((acc, num, i2) => {
    if (F.is0(num))
      return acc;
    inverted[i2] = acc;
    return F.mul(acc, num);
  }, F.ONE);
  const invertedAcc = F.inv(multipliedAcc);
  nums.reduceRight((acc, num, i2) => {
    if (F.is0(num))
      return acc;
    inverted[i2] = F.mul(acc, inverted[i2]);
    return F.mul(acc, num);
  }, invertedAcc);
  return inverted;
}
function FpLegendre(Fp2, n) {
  validateField(Fp2);
  const F = Fp2;
  aoddModulus(F.ORDER, "FpLegendre");
  const p1mod2 = (F.ORDER - _1n2) / _2n;
  const powered = F.pow(n, p1mod2);
  const yes = F.eql(powered, F.ONE);
  const zero = F.eql(powered, F.ZERO);
  const no = F.eql(powered, F.neg(F.ONE));
  if (!yes && !zero && !no)
    throw new Error("invalid Legendre symbol result");
  return yes ? 1 : zero ? 0 : -1;
}
function nLength(n, nBitLength) {
  if (nBitLength !== void 0)
    anumber2(nBitLength);
  if (n <= _0n2)
    throw new Error("invalid n length: expected positive n, got " + n);
  if (nBitLength !== void 0 && nBitLength < 1)
    throw new Error("invalid n length: expected positive bit length, got " + nBitLength);
  const bits2 = bitLen(n);
  if (nBitLength !== void 0 && nBitLength < bits2)
    throw new Error(`invalid n length: expected nBitLength (${nBitLength}) >= bitLen(n) (${bits2})`);
  const _nBitLength = nBitLength !== void 0 ? nBitLength : bits2;
  const nByteLength = Math.ceil(_nBitLength / 8);
  return { nBitLength: _nBitLength, nByteLength };
}
var FIELD_SQRT = /* @__PURE__ */ new WeakMap();
var _Field = class {
  ORDER;
  BITS;
  BYTES;
  isLE;
  ZERO = _0n2;
  ONE = _1n2;
  _lengths;
  _mod;
  constructor(ORDER, opts = {}) {
    if (ORDER <= _1n2)
      throw new Error("invalid field: expected ORDER > 1, got " + ORDER);
    let _nbitLength = void 0;
    this.isLE = false;
    if (opts != null && typeof opts === "object") {
      if (typeof opts.BITS === "number")
        _nbitLength = opts.BITS;
      if (typeof opts.sqrt === "function")
        Object.defineProperty(this, "sqrt", { value: opts.sqrt, enumerable: true });
      if (typeof opts.isLE === "boolean")
        this.isLE = opts.isLE;
      if (opts.allowedLengths)
        this._lengths = Object.freeze(opts.allowedLengths.slice());
      if (typeof opts.modFromBytes === "boolean")
        this._mod = opts.modFromBytes;
    }
    const { nBitLength, nByteLength } = nLength(ORDER, _nbitLength);
    if (nByteLength > 2048)
      throw new Error("invalid field: expected ORDER of <= 2048 bytes");
    this.ORDER = ORDER;
    this.BITS = nBitLength;
    this.BYTES = nByteLength;
    Object.freeze(this);
  }
  create(num) {
    return mod(num, this.ORDER);
  }
  isValid(num) {
    if (typeof num !== "bigint")
      throw new TypeError("invalid field element: expected bigint, got " + typeof num);
    return _0n2 <= num && num < this.ORDER;
  }
  is0(num) {
    return num === _0n2;
  }
  // is valid and invertible
  isValidNot0(num) {
    return !this.is0(num) && this.isValid(num);
  }
  isOdd(num) {
    return (num & _1n2) === _1n2;
  }
  neg(num) {
    return mod(-num, this.ORDER);
  }
  eql(lhs, rhs) {
    return lhs === rhs;
  }
  sqr(num) {
    return mod(num * num, this.ORDER);
  }
  add(lhs, rhs) {
    return mod(lhs + rhs, this.ORDER);
  }
  sub(lhs, rhs) {
    return mod(lhs - rhs, this.ORDER);
  }
  mul(lhs, rhs) {
    return mod(lhs * rhs, this.ORDER);
  }
  pow(num, power) {
    return pow(num, power, this.ORDER);
  }
  div(lhs, rhs) {
    return mod(lhs * invert(rhs, this.ORDER), this.ORDER);
  }
  // Same as above, but doesn't normalize
  sqrN(num) {
    return num * num;
  }
  addN(lhs, rhs) {
    return lhs + rhs;
  }
  subN(lhs, rhs) {
    return lhs - rhs;
  }
  mulN(lhs, rhs) {
    return lhs * rhs;
  }
  inv(num) {
    return invert(num, this.ORDER);
  }
  sqrt(num) {
    let sqrt = FIELD_SQRT.get(this);
    if (!sqrt)
      FIELD_SQRT.set(this, sqrt = FpSqrt(this.ORDER));
    return sqrt(this, num);
  }
  toBytes(num) {
    return this.isLE ? numberToBytesLE(num, this.BYTES) : numberToBytesBE(num, this.BYTES);
  }
  fromBytes(bytes, skipValidation = false) {
    abytes2(bytes);
    const { _lengths: allowedLengths, BYTES, isLE, ORDER, _mod: modFromBytes } = this;
    if (allowedLengths) {
      if (bytes.length < 1 || !allowedLengths.includes(bytes.length) || bytes.length > BYTES) {
        throw new Error("Field.fromBytes: expected " + allowedLengths + " bytes, got " + bytes.length);
      }
      const padded = new Uint8Array(BYTES);
      padded.set(bytes, isLE ? 0 : padded.length - bytes.length);
      bytes = padded;
    }
    if (bytes.length !== BYTES)
      throw new Error("Field.fromBytes: expected " + BYTES + " bytes, got " + bytes.length);
    let scalar = isLE ? bytesToNumberLE(bytes) : bytesToNumberBE(bytes);
    if (modFromBytes)
      scalar = mod(scalar, ORDER);
    if (!skipValidation) {
      if (!this.isValid(scalar))
        throw new Error("invalid field element: outside of range 0..ORDER");
    }
    return scalar;
  }
  // TODO: we don't need it here, move out to separate fn
  invertBatch(lst) {
    return FpInvertBatch(this, lst, true);
  }
  // We can't move this out because Fp6, Fp12 implement it
  // and it's unclear what to return in there.
  cmov(a, b, condition) {
    abool(condition, "condition");
    return condition ? b : a;
  }
};
function Field(ORDER, opts = {}) {
  Object.freeze(_Field.prototype);
  return new _Field(ORDER, opts);
}
function getFieldBytesLength(fieldOrder) {
  if (typeof fieldOrder !== "bigint")
    throw new Error("field order must be bigint");
  if (fieldOrder <= _1n2)
    throw new Error("field order must be greater than 1");
  const bitLength = bitLen(fieldOrder - _1n2);
  return Math.ceil(bitLength / 8);
}
function getMinHashLength(fieldOrder) {
  const length = getFieldBytesLength(fieldOrder);
  return length + Math.ceil(length / 2);
}
function mapHashToField(key, fieldOrder, isLE = false) {
  abytes2(key);
  const len = key.length;
  const fieldLen = getFieldBytesLength(fieldOrder);
  const minLen = Math.max(getMinHashLength(fieldOrder), 16);
  if (len < minLen || len > 1024)
    throw new Error("expected " + minLen + "-1024 bytes of input, got " + len);
  const num = isLE ? bytesToNumberLE(key) : bytesToNumberBE(key);
  const reduced = mod(num, fieldOrder - _1n2) + _1n2;
  return isLE ? numberToBytesLE(reduced, fieldLen) : numberToBytesBE(reduced, fieldLen);
}

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/abstract/curve.js
var _0n3 = /* @__PURE__ */ BigInt(0);
var _1n3 = /* @__PURE__ */ BigInt(1);
var _4n2 = /* @__PURE__ */ BigInt(4);
var BLIND_BYTES = 16;
var BLIND_BITS = 128;
var FW_WINDOW = 5;
var TABLE_BYTES_MAX = /* @__PURE__ */ (() => 2 ** 31)();
function validatePointCons(Point) {
  const pc = Point;
  if (typeof pc !== "function")
    throw new TypeError('"Point" expected constructor, got type=' + typeof Point);
  afunction(pc.fromAffine, "Point.fromAffine");
  afunction(pc.fromBytes, "Point.fromBytes");
  afunction(pc.fromHex, "Point.fromHex");
  aobject2(pc.BASE, "Point.BASE");
  aobject2(pc.ZERO, "Point.ZERO");
  validateField(pc.Fp);
  validateField(pc.Fn);
}
function normalizeZ(c, points) {
  validatePointCons(c);
  validateMSMPoints(points, c);
  const invertedZs = FpInvertBatch(c.Fp, points.map((p) => p.Z));
  return points.map((p, i2) => c.fromAffine(p.toAffine(invertedZs[i2])));
}
function validateW(W, bits2, min = 1) {
  if (!Number.isSafeInteger(W) || W < min || W > bits2)
    throw new Error("invalid window size, expected [" + min + ".." + bits2 + "], got W=" + W);
}
function validateTableBytes(numPoints, fpBytes) {
  const bytes = numPoints * (4 * fpBytes + 128);
  if (bytes > TABLE_BYTES_MAX)
    throw new Error("invalid window size: table would need ~" + Math.ceil(bytes / 2 ** 20) + " MiB, max " + TABLE_BYTES_MAX / 2 ** 20 + " MiB");
}
function probeRandomBytes(randomBytes3, length) {
  if (randomBytes3 === void 0)
    return void 0;
  afunction(randomBytes3, "randomBytes");
  try {
    const probe = randomBytes3(length);
    if (!isBytes3(probe) || probe.length !== length)
      return void 0;
  } catch {
    return void 0;
  }
  return randomBytes3;
}
function validateMSMPoints(points, c) {
  aarray(points, "points");
  points.forEach((p, i2) => {
    if (!(p instanceof c))
      throw new Error("invalid point at index " + i2);
  });
}
function validateMSMScalars(scalars, field2, maxScalar) {
  if (!Array.isArray(scalars))
    throw new Error("array of scalars expected");
  scalars.forEach((s, i2) => {
    const ok = maxScalar === void 0 ? field2.isValid(s) : isPosBig(s) && s < maxScalar;
    if (!ok)
      throw new Error("invalid scalar at index " + i2);
  });
}
var pointWindowSizes = /* @__PURE__ */ new WeakMap();
function getWindowSize(P) {
  return pointWindowSizes.get(P) || 1;
}
function oddMultiples(p, size) {
  const dbl = p.double();
  const t = [p];
  for (let j = 1; j < size; j++)
    t.push(t[j - 1].add(dbl));
  return t;
}
function wnafDigits(n, W) {
  const size = 2 ** W;
  const half = size / 2;
  const mask = BigInt(size - 1);
  const d = [];
  while (n > _0n3) {
    let w = 0;
    if (n & _1n3) {
      w = Number(n & mask);
      if (w >= half)
        w -= size;
      n -= BigInt(w);
    }
    d.push(w);
    n >>= _1n3;
  }
  return d;
}
function signedWindowDigits(n, W, windows) {
  const size = 2 ** W;
  const half = size / 2;
  const mask = BigInt(size - 1);
  const shiftBy = BigInt(W);
  const d = [];
  for (let w = 0; w < windows; w++) {
    let v = Number(n & mask);
    n >>= shiftBy;
    if (v > half) {
      v -= size;
      n += _1n3;
    }
    d.push(v);
  }
  if (n !== _0n3)
    throw new Error("invalid wnaf");
  return d;
}
function wnafWalk(zero, tables, digits) {
  let max2 = 0;
  for (const d of digits)
    max2 = Math.max(max2, d.length);
  let acc = zero;
  for (let bit = max2 - 1; bit >= 0; bit--) {
    if (bit !== max2 - 1)
      acc = acc.double();
    for (let i2 = 0; i2 < digits.length; i2++) {
      const w = digits[i2][bit];
      if (w) {
        const item = tables[i2][Math.abs(w) - 1 >> 1];
        acc = acc.add(w < 0 ? item.negate() : item);
      }
    }
  }
  return acc;
}
var ScalarMultiplier = class {
  Point;
  BASE;
  ZERO;
  randomBytes;
  wnafPrecomputes = /* @__PURE__ */ new WeakMap();
  baseCanBeBlinded;
  bits;
  // Parametrized with a given Point class (not individual point)
  constructor(Point, randomBytes3) {
    validatePointCons(Point);
    this.randomBytes = probeRandomBytes(randomBytes3, BLIND_BYTES);
    this.Point = Point;
    this.BASE = Point.BASE;
    this.ZERO = Point.ZERO;
    this.bits = Point.Fn.BITS;
  }
  /**
   * Creates a signed fixed-window wNAF precomputation table: for every window w, the
   * multiples `[1..2^(W−1)]⋅2^(w⋅W)⋅P`, flattened. All doublings are baked into the table,
   * so cached multiplication is additions-only. `windows = ceil(bits/W) + 1`: the extra
   * window absorbs the final carry of signed-digit recoding.
   * For a 256-bit curve and W=6, the table is 44⋅32 = 1408 points.
   * @param point - Point instance
   * @param W - window size
   * @param bits - scalar bitlength the table must cover
   */
  buildWnafTable(point, W, bits2) {
    const windows = Math.ceil(bits2 / W) + 1;
    const half = 2 ** (W - 1);
    const comp = [];
    let base = point;
    for (let w = 0; w < windows; w++) {
      let acc = base;
      for (let i2 = 0; i2 < half; i2++) {
        comp.push(acc);
        acc = acc.add(base);
      }
      base = comp[comp.length - 1].double();
    }
    return { W, bits: bits2, windows, comp };
  }
  /**
   * Implements ec multiplication using precomputed signed fixed-window wNAF tables.
   * Constant-time: fixed window count with one table addition per window — zero digits feed
   * the fake accumulator — and no doublings; the lookup scans the whole window slice.
   * Scalar bounds are validated by the public entry points ({@link ScalarMultiplier.mulCT},
   * {@link ScalarMultiplier.mulCTBlinded}, {@link ScalarMultiplier.mulUnsafe});
   * signedWindowDigits throws if `n` exceeds the table.
   * @returns real and fake (for const-time) points
   */
  wnafCachedCT(precomputes, n) {
    const { W, windows, comp } = precomputes;
    const half = 2 ** (W - 1);
    const digits = signedWindowDigits(n, W, windows);
    let p = this.ZERO;
    let f = this.BASE;
    for (let w = 0; w < windows; w++) {
      const digit2 = digits[w];
      const start = w * half;
      const idx = Math.abs(digit2) - 1;
      let sel = comp[start];
      for (let i2 = 1; i2 < half; i2++)
        sel = i2 === idx ? comp[start + i2] : sel;
      const neg = sel.negate();
      if (digit2 === 0)
        f = f.add(comp[start]);
      else
        p = p.add(digit2 < 0 ? neg : sel);
    }
    return { p, f };
  }
  // Cache key is point identity plus (W, bits); at most two entries exist per point (public-width
  // `Fn.BITS` and blinded `Fn.BITS + BLIND_BITS`). Callers must not reuse the same point with
  // incompatible `transform(...)` layouts and expect a separate cache entry.
  getWnafPrecomputes(W, point, bits2, transform2) {
    let entries = this.wnafPrecomputes.get(point);
    let comp = entries?.find((entry) => entry.W === W && entry.bits === bits2);
    if (!comp) {
      comp = this.buildWnafTable(point, W, bits2);
      if (typeof transform2 === "function")
        comp = { ...comp, comp: transform2(comp.comp) };
      if (!entries) {
        entries = [];
        this.wnafPrecomputes.set(point, entries);
      }
      entries.push(comp);
    }
    return comp;
  }
  assertPoint(point) {
    if (!(point instanceof this.Point))
      throw new TypeError('"point" expected Point instance, got type=' + typeof point);
  }
  // Shared prologue of the constant-time entry points. Rejects scalar 0: in key/signature-style
  // callers a zero scalar means broken upstream plumbing, and concrete Points already reject it.
  // Uses inRange instead of Fn.isValidNot0: validateField() only certifies the arithmetic subset.
  validateMulInput(point, scalar) {
    this.assertPoint(point);
    if (!inRange(scalar, _1n3, this.Point.Fn.ORDER))
      throw new Error("invalid scalar");
  }
  // Constant-time dispatch shared by mulCT / mulCTBlinded. Un-precomputed points (W===1, e.g.
  // ECDH peer keys) skip building a throwaway cached table in favor of a small fixed-window
  // multiply. `n` must be < 2^bits.
  runCT(point, n, bits2, transform2) {
    const W = getWindowSize(point);
    if (W === 1)
      return this.fixedWindowCT(point, n, bits2);
    return this.wnafCachedCT(this.getWnafPrecomputes(W, point, bits2, transform2), n);
  }
  mulCT(point, scalar, transform2) {
    this.validateMulInput(point, scalar);
    return this.runCT(point, scalar, this.bits, transform2);
  }
  mulCTBlinded(point, scalar, transform2) {
    this.validateMulInput(point, scalar);
    if (this.randomBytes === void 0)
      throw new Error("randomBytes is required for scalar blinding");
    const bits2 = this.Point.Fn.BITS + BLIND_BITS;
    const blind = this.randomBytes(BLIND_BYTES);
    if (!isBytes3(blind) || blind.length !== BLIND_BYTES)
      throw new Error("randomBytes returned invalid byte array");
    blind[0] = blind[0] & 63 | 128;
    const n = scalar + bytesToNumberBE(blind) * this.Point.Fn.ORDER;
    return this.runCT(point, n, bits2, transform2);
  }
  /**
   * Constant-time multiplication `n*point` for an un-precomputed point, via a small fixed window.
   * A cached wNAF table only pays off when reused; a flat 2^FW_WINDOW table (`size-1` adds) is
   * far cheaper to build for a single use. The point-operation sequence is independent of `n`:
   * build the table, then per window exactly FW_WINDOW doublings, a data-oblivious scan over
   * every table entry, and one addition (adds the identity when the window digit is 0 — never
   * skipped).
   *
   * `n` must be `< 2^bits`. Assumes complete addition (adding the identity costs the same as any
   * add), which holds for the Weierstrass/Edwards point types used here. The table is left in
   * projective form (no normalizeZ): normalizing this small a table costs more than the
   * mixed-add savings it would buy for a single multiply.
   * @returns real point `p`; `f` duplicates it only to match {@link wnafCachedCT}'s return shape
   * (this path needs no fake accumulator — its op-count is already scalar-independent).
   */
  fixedWindowCT(point, n, bits2) {
    const W = FW_WINDOW;
    const size = 1 << W;
    const mask = bitMask(W);
    const table = new Array(size);
    table[0] = this.ZERO;
    for (let i2 = 1; i2 < size; i2++)
      table[i2] = table[i2 - 1].add(point);
    const windows = Math.ceil(bits2 / W);
    let acc = this.ZERO;
    for (let window = windows - 1; window >= 0; window--) {
      if (window !== windows - 1)
        for (let d = 0; d < W; d++)
          acc = acc.double();
      const digit2 = Number(n >> BigInt(window * W) & mask);
      let sel = table[0];
      for (let i2 = 1; i2 < size; i2++)
        sel = i2 === digit2 ? table[i2] : sel;
      acc = acc.add(sel);
    }
    return { p: acc, f: acc };
  }
  shouldBlind(point, cofactor) {
    if (this.randomBytes === void 0)
      return false;
    if (cofactor === _1n3)
      return true;
    if (point !== this.BASE)
      return false;
    if (this.baseCanBeBlinded === void 0)
      this.baseCanBeBlinded = this.mulUnsafe(this.BASE, this.Point.Fn.ORDER).is0();
    return this.baseCanBeBlinded;
  }
  mulSecret(point, scalar, cofactor, transform2) {
    return this.shouldBlind(point, cofactor) ? this.mulCTBlinded(point, scalar, transform2) : this.mulCT(point, scalar, transform2);
  }
  mulUnsafe(point, scalar, transform2) {
    this.assertPoint(point);
    if (!isPosBig(scalar))
      throw new Error("invalid scalar");
    const W = getWindowSize(point);
    if (W === 1 || scalar >= this.Point.Fn.ORDER)
      return mulAddUnsafe(this.Point, [point], [scalar], true);
    const precomputes = this.getWnafPrecomputes(W, point, this.bits, transform2);
    return this.wnafCachedCT(precomputes, scalar).p;
  }
  // Remembers the window size used for precomputed wNAF multiplication of the given point
  // and drops any previously built tables. Usually only the base point is precomputed.
  // W=1 resets the point to the un-precomputed (table-less) paths.
  // W is additionally capped so tables stay under ~2 GiB ({@link TABLE_BYTES_MAX}).
  setWindowSize(point, W) {
    this.assertPoint(point);
    validateW(W, this.bits);
    const windows = Math.ceil((this.bits + BLIND_BITS) / W) + 1;
    validateTableBytes(windows * 2 ** (W - 1), this.Point.Fp.BYTES);
    pointWindowSizes.set(point, W);
    this.wnafPrecomputes.delete(point);
  }
  // True when a window size is set: tables themselves are built lazily on first multiply.
  hasWindowSize(point) {
    return getWindowSize(point) !== 1;
  }
};
function mulAddUnsafe(c, points, scalars, allowOversized = false) {
  validatePointCons(c);
  validateMSMPoints(points, c);
  abool(allowOversized, "allowOversized");
  validateMSMScalars(scalars, c.Fn, allowOversized ? c.Fn.ORDER ** _4n2 : void 0);
  if (points.length !== scalars.length)
    throw new Error("arrays of points and scalars must have equal length");
  const tables = points.map((p) => oddMultiples(p, 4));
  const digits = scalars.map((n) => wnafDigits(n, 4));
  return wnafWalk(c.ZERO, tables, digits);
}
function createField(order, field2, isLE) {
  if (field2) {
    if (field2.ORDER !== order)
      throw new Error("Field.ORDER must match order: Fp == p, Fn == n");
    validateField(field2);
    return field2;
  } else {
    return Field(order, { isLE });
  }
}
function createCurveFields(type, CURVE, curveOpts = {}, FpFnLE) {
  if (type !== "weierstrass" && type !== "edwards")
    throw new Error('expected curve type "weierstrass" or "edwards"');
  if (FpFnLE === void 0)
    FpFnLE = type === "edwards";
  if (!CURVE || typeof CURVE !== "object")
    throw new Error(`expected valid ${type} CURVE object`);
  validateObject(curveOpts);
  for (const p of ["p", "n", "h"]) {
    const val = CURVE[p];
    if (!(isPosBig(val) && val !== _0n3))
      throw new Error(`CURVE.${p} must be positive bigint`);
  }
  const Fp2 = createField(CURVE.p, curveOpts.Fp, FpFnLE);
  const Fn = createField(CURVE.n, curveOpts.Fn, FpFnLE);
  const _b2 = type === "weierstrass" ? "b" : "d";
  const params = ["Gx", "Gy", "a", _b2];
  for (const p of params) {
    if (!Fp2.isValid(CURVE[p]))
      throw new Error(`CURVE.${p} must be valid field element of CURVE.Fp`);
  }
  CURVE = Object.freeze(Object.assign({}, CURVE));
  return { CURVE, Fp: Fp2, Fn };
}
function createKeygen(randomSecretKey, getPublicKey) {
  return function keygen(seed) {
    const secretKey = randomSecretKey(seed);
    return { secretKey, publicKey: getPublicKey(secretKey) };
  };
}

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/abstract/der.js
var _0n4 = /* @__PURE__ */ BigInt(0);
var DERErr = class extends Error {
  constructor(m = "") {
    super(m);
  }
};
var _DER = {
  // asn.1 DER encoding utils
  Err: DERErr,
  // Basic building block is TLV (Tag-Length-Value)
  _tlv: {
    encode: (tag, data) => {
      const { Err: E } = _DER;
      asafenumber(tag, "tag");
      if (tag < 0 || tag > 255)
        throw new E("tlv.encode: wrong tag");
      astring(data, "data");
      if (data.length & 1)
        throw new E("tlv.encode: unpadded data");
      const dataLen = data.length / 2;
      const len = numberToHexUnpadded(dataLen);
      if (len.length / 2 & 128)
        throw new E("tlv.encode: long form length too big");
      const lenLen = dataLen > 127 ? numberToHexUnpadded(len.length / 2 | 128) : "";
      const t = numberToHexUnpadded(tag);
      return t + lenLen + len + data;
    },
    // v - value, l - left bytes (unparsed)
    decode(tag, data) {
      const { Err: E } = _DER;
      data = abytes2(data, void 0, "DER data");
      let pos = 0;
      if (tag < 0 || tag > 255)
        throw new E("tlv.decode: wrong tag");
      if (data.length < 2 || data[pos++] !== tag)
        throw new E("tlv.decode: wrong tlv");
      const first = data[pos++];
      const isLong = !!(first & 128);
      let length = 0;
      if (!isLong)
        length = first;
      else {
        const lenLen = first & 127;
        if (!lenLen)
          throw new E("tlv.decode(long): indefinite length not supported");
        if (lenLen > 4)
          throw new E("tlv.decode(long): byte length is too big");
        const lengthBytes = data.subarray(pos, pos + lenLen);
        if (lengthBytes.length !== lenLen)
          throw new E("tlv.decode: length bytes not complete");
        if (lengthBytes[0] === 0)
          throw new E("tlv.decode(long): zero leftmost byte");
        for (const b of lengthBytes)
          length = length << 8 | b;
        pos += lenLen;
        if (length < 128)
          throw new E("tlv.decode(long): not minimal encoding");
      }
      const v = data.subarray(pos, pos + length);
      if (v.length !== length)
        throw new E("tlv.decode: wrong value length");
      return { v, l: data.subarray(pos + length) };
    }
  },
  // https://crypto.stackexchange.com/a/57734 Leftmost bit of first byte is 'negative' flag,
  // since we always use positive integers here. It must always be empty:
  // - add zero byte if exists
  // - if next byte doesn't have a flag, leading zero is not allowed (minimal encoding)
  _int: {
    encode(num) {
      const { Err: E } = _DER;
      abignumber(num);
      if (num < _0n4)
        throw new E("integer: negative integers are not allowed");
      let hex = numberToHexUnpadded(num);
      if (Number.parseInt(hex[0], 16) & 8)
        hex = "00" + hex;
      if (hex.length & 1)
        throw new E("unexpected DER parsing assertion: unpadded hex");
      return hex;
    },
    decode(data) {
      const { Err: E } = _DER;
      if (data.length < 1)
        throw new E("invalid signature integer: empty");
      if (data[0] & 128)
        throw new E("invalid signature integer: negative");
      if (data.length > 1 && data[0] === 0 && !(data[1] & 128))
        throw new E("invalid signature integer: unnecessary leading zero");
      return bytesToNumberBE(data);
    }
  },
  toSig(bytes, maxScalarBytes) {
    const { Err: E, _int: int, _tlv: tlv } = _DER;
    if (maxScalarBytes !== void 0) {
      asafenumber(maxScalarBytes, "maxScalarBytes");
      if (maxScalarBytes < 1)
        throw new E("invalid signature: maxScalarBytes must be positive");
    }
    const data = abytes2(bytes, void 0, "signature");
    const { v: seqBytes, l: seqLeftBytes } = tlv.decode(48, data);
    if (seqLeftBytes.length)
      throw new E("invalid signature: left bytes after parsing");
    const { v: rBytes, l: rLeftBytes } = tlv.decode(2, seqBytes);
    const { v: sBytes, l: sLeftBytes } = tlv.decode(2, rLeftBytes);
    if (sLeftBytes.length)
      throw new E("invalid signature: left bytes after parsing");
    if (maxScalarBytes !== void 0 && (rBytes.length > maxScalarBytes || sBytes.length > maxScalarBytes))
      throw new E("invalid signature: integer too large");
    return { r: int.decode(rBytes), s: int.decode(sBytes) };
  },
  hexFromSig(sig) {
    const { _tlv: tlv, _int: int } = _DER;
    validateObject(sig, { r: "bigint", s: "bigint" }, {}, "sig");
    const rs = tlv.encode(2, int.encode(sig.r));
    const ss = tlv.encode(2, int.encode(sig.s));
    const seq = rs + ss;
    return tlv.encode(48, seq);
  }
};
var DER = /* @__PURE__ */ (() => {
  Object.freeze(_DER._tlv);
  Object.freeze(_DER._int);
  return Object.freeze(_DER);
})();

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/abstract/weierstrass.js
var divNearest = (num, den) => (num + (num >= 0 ? den : -den) / _2n2) / den;
function _splitEndoScalar(k, basis, n) {
  aInRange("scalar", k, _0n5, n);
  const [[a1, b1], [a2, b2]] = basis;
  const c1 = divNearest(b2 * k, n);
  const c2 = divNearest(-b1 * k, n);
  let k1 = k - c1 * a1 - c2 * a2;
  let k2 = -c1 * b1 - c2 * b2;
  const k1neg = k1 < _0n5;
  const k2neg = k2 < _0n5;
  if (k1neg)
    k1 = -k1;
  if (k2neg)
    k2 = -k2;
  const MAX_NUM = bitMask(Math.ceil(bitLen(n) / 2)) + _1n4;
  if (k1 < _0n5 || k1 >= MAX_NUM || k2 < _0n5 || k2 >= MAX_NUM) {
    throw new Error("splitScalar (endomorphism): failed for k");
  }
  return { k1neg, k1, k2neg, k2 };
}
function validateSigFormat(format) {
  if (!["compact", "recovered", "der"].includes(format))
    throw new Error('Signature format must be "compact", "recovered", or "der"');
  return format;
}
function validateSigOpts(opts, def) {
  validateObject(opts);
  const optsn = {};
  for (let optName of Object.keys(def)) {
    optsn[optName] = opts[optName] === void 0 ? def[optName] : opts[optName];
  }
  abool(optsn.lowS, "lowS");
  abool(optsn.prehash, "prehash");
  if (optsn.format !== void 0)
    validateSigFormat(optsn.format);
  return optsn;
}
var _0n5 = /* @__PURE__ */ BigInt(0);
var _1n4 = /* @__PURE__ */ BigInt(1);
var _2n2 = /* @__PURE__ */ BigInt(2);
var _3n2 = /* @__PURE__ */ BigInt(3);
var _4n3 = /* @__PURE__ */ BigInt(4);
function weierstrass(params, extraOpts = {}) {
  const validated = createCurveFields("weierstrass", params, extraOpts);
  const Fp2 = validated.Fp;
  const Fn = validated.Fn;
  let CURVE = validated.CURVE;
  const { h: cofactor, n: CURVE_ORDER } = CURVE;
  validateObject(extraOpts, {}, {
    allowInfinityPoint: "boolean",
    clearCofactor: "function",
    isTorsionFree: "function",
    fromBytes: "function",
    toBytes: "function",
    endo: "object",
    randomBytes: "function"
  });
  const { endo: endoOpts, allowInfinityPoint, clearCofactor, isTorsionFree, fromBytes, toBytes } = extraOpts;
  const randomBytes3 = extraOpts.randomBytes === void 0 ? randomBytes2 : extraOpts.randomBytes;
  if (endoOpts) {
    if (!Fp2.is0(CURVE.a) || typeof endoOpts.beta !== "bigint" || !Array.isArray(endoOpts.basises)) {
      throw new Error('invalid endo: expected "beta": bigint and "basises": array');
    }
  }
  const endo = endoOpts ? {
    beta: endoOpts.beta,
    basises: endoOpts.basises.map((basis) => [...basis])
  } : void 0;
  const lengths = getWLengths(Fp2, Fn);
  function assertCompressionIsSupported() {
    if (!Fp2.isOdd)
      throw new Error("compression is not supported: Field does not have .isOdd()");
  }
  function pointToBytes(_c, point, isCompressed) {
    if (point.is0()) {
      if (!allowInfinityPoint)
        throw new Error("bad point: ZERO");
      return Uint8Array.of(0);
    }
    const { x: x2, y } = point.toAffine();
    const bx = Fp2.toBytes(x2);
    abool(isCompressed, "isCompressed");
    if (isCompressed) {
      assertCompressionIsSupported();
      const hasEvenY = !Fp2.isOdd(y);
      return concatBytes3(pprefix(hasEvenY), bx);
    } else {
      return concatBytes3(Uint8Array.of(4), bx, Fp2.toBytes(y));
    }
  }
  function pointFromBytes(bytes) {
    abytes2(bytes, void 0, "Point");
    const { publicKey: comp, publicKeyUncompressed: uncomp } = lengths;
    const length = bytes.length;
    const head = bytes[0];
    const tail = bytes.subarray(1);
    if (allowInfinityPoint && length === 1 && head === 0)
      return { x: Fp2.ZERO, y: Fp2.ZERO };
    if (length === comp && (head === 2 || head === 3)) {
      const x2 = Fp2.fromBytes(tail);
      if (!Fp2.isValid(x2))
        throw new Error("bad point: is not on curve, wrong x");
      const y2 = weierstrassEquation(x2);
      let y;
      try {
        y = Fp2.sqrt(y2);
      } catch (sqrtError) {
        const err2 = sqrtError instanceof Error ? ": " + sqrtError.message : "";
        throw new Error("bad point: is not on curve, sqrt error" + err2);
      }
      assertCompressionIsSupported();
      const evenY = Fp2.isOdd(y);
      const evenH = (head & 1) === 1;
      if (evenH !== evenY)
        y = Fp2.neg(y);
      return { x: x2, y };
    } else if (length === uncomp && head === 4) {
      const L = Fp2.BYTES;
      const x2 = Fp2.fromBytes(tail.subarray(0, L));
      const y = Fp2.fromBytes(tail.subarray(L, L * 2));
      if (!isValidXY(x2, y))
        throw new Error("bad point: is not on curve");
      return { x: x2, y };
    } else {
      throw new Error(`bad point: got length ${length}, expected compressed=${comp} or uncompressed=${uncomp}`);
    }
  }
  const encodePoint = toBytes === void 0 ? pointToBytes : toBytes;
  const decodePoint = fromBytes === void 0 ? pointFromBytes : fromBytes;
  const b3 = Fp2.mul(CURVE.b, _3n2);
  const mulA = Fp2.is0(CURVE.a) ? (_) => Fp2.ZERO : (x2) => Fp2.mul(CURVE.a, x2);
  function weierstrassEquation(x2) {
    const x22 = Fp2.sqr(x2);
    const x3 = Fp2.mul(x22, x2);
    return Fp2.add(Fp2.add(x3, Fp2.mul(x2, CURVE.a)), CURVE.b);
  }
  function isValidXY(x2, y) {
    const left = Fp2.sqr(y);
    const right = weierstrassEquation(x2);
    return Fp2.eql(left, right);
  }
  if (!isValidXY(CURVE.Gx, CURVE.Gy))
    throw new Error("bad curve params: generator point");
  const _4a3 = Fp2.mul(Fp2.pow(CURVE.a, _3n2), _4n3);
  const _27b2 = Fp2.mul(Fp2.sqr(CURVE.b), BigInt(27));
  if (Fp2.is0(Fp2.add(_4a3, _27b2)))
    throw new Error("bad curve params: a or b");
  function acoord(title, n, banZero = false) {
    if (!Fp2.isValid(n) || banZero && Fp2.is0(n))
      throw new Error(`bad point coordinate ${title}`);
    return typeof n === "object" && n !== null ? Fp2.create(n) : n;
  }
  function aprjpoint(other) {
    if (!(other instanceof Point))
      throw new Error("Weierstrass Point expected");
  }
  function splitEndoScalarN(k) {
    if (!endo || !endo.basises)
      throw new Error("no endo");
    return _splitEndoScalar(k, endo.basises, Fn.ORDER);
  }
  function pushWnafPair(points, scalars, p, k) {
    if (!Fn.isValid(k))
      throw new RangeError("invalid scalar: out of range");
    if (endo) {
      const { k1neg, k1, k2neg, k2 } = splitEndoScalarN(k);
      const psi = new Point(Fp2.mul(p.X, endo.beta), p.Y, p.Z);
      points.push(k1neg ? p.negate() : p, k2neg ? psi.negate() : psi);
      scalars.push(k1, k2);
    } else {
      points.push(p);
      scalars.push(k);
    }
  }
  const validityCache = /* @__PURE__ */ new WeakSet();
  class Point {
    static BASE = new Point(CURVE.Gx, CURVE.Gy, Fp2.ONE);
    static ZERO = new Point(Fp2.ZERO, Fp2.ONE, Fp2.ZERO);
    static Fp = Fp2;
    static Fn = Fn;
    X;
    Y;
    Z;
    /** Does NOT validate if the point is valid. Use `.assertValidity()`. */
    constructor(X, Y, Z) {
      this.X = acoord("x", X);
      this.Y = acoord("y", Y, true);
      this.Z = acoord("z", Z);
      Object.freeze(this);
    }
    static CURVE() {
      return CURVE;
    }
    /** Does NOT validate if the point is valid. Use `.assertValidity()`. */
    static fromAffine(p) {
      const { x: x2, y } = p || {};
      if (!p || !Fp2.isValid(x2) || !Fp2.isValid(y))
        throw new Error("invalid affine point");
      if (p instanceof Point)
        throw new Error("projective point not allowed");
      if (Fp2.is0(x2) && Fp2.is0(y))
        return Point.ZERO;
      return new Point(x2, y, Fp2.ONE);
    }
    static fromBytes(bytes) {
      const P = Point.fromAffine(decodePoint(abytes2(bytes, void 0, "point")));
      P.assertValidity();
      return P;
    }
    static fromHex(hex) {
      return Point.fromBytes(hexToBytes3(hex));
    }
    get x() {
      return this.toAffine().x;
    }
    get y() {
      return this.toAffine().y;
    }
    /**
     * @param isLazy - true will defer table computation until the first multiplication
     */
    precompute(windowSize = 6, isLazy = true) {
      wnaf.setWindowSize(this, windowSize);
      if (!isLazy)
        this.multiply(_3n2);
      return this;
    }
    // TODO: return `this`
    /** A point on curve is valid if it conforms to equation. */
    assertValidity() {
      const p = this;
      if (p.is0()) {
        if (allowInfinityPoint && Fp2.is0(p.X) && Fp2.eql(p.Y, Fp2.ONE) && Fp2.is0(p.Z))
          return;
        throw new Error("bad point: ZERO");
      }
      if (validityCache.has(p))
        return;
      const { x: x2, y } = p.toAffine();
      if (!Fp2.isValid(x2) || !Fp2.isValid(y))
        throw new Error("bad point: x or y not field elements");
      if (!isValidXY(x2, y))
        throw new Error("bad point: equation left != right");
      if (!p.isTorsionFree())
        throw new Error("bad point: not in prime-order subgroup");
      validityCache.add(p);
    }
    hasEvenY() {
      const { y } = this.toAffine();
      if (!Fp2.isOdd)
        throw new Error("Field doesn't support isOdd");
      return !Fp2.isOdd(y);
    }
    /** Compare one point to another. */
    equals(other) {
      aprjpoint(other);
      const { X: X1, Y: Y1, Z: Z1 } = this;
      const { X: X2, Y: Y2, Z: Z2 } = other;
      const U1 = Fp2.eql(Fp2.mul(X1, Z2), Fp2.mul(X2, Z1));
      const U2 = Fp2.eql(Fp2.mul(Y1, Z2), Fp2.mul(Y2, Z1));
      return U1 && U2;
    }
    /** Flips point to one corresponding to (x, -y) in Affine coordinates. */
    negate() {
      return new Point(this.X, Fp2.neg(this.Y), this.Z);
    }
    // Renes-Costello-Batina exception-free doubling formula.
    // There is 30% faster Jacobian formula, but it is not complete.
    // https://eprint.iacr.org/2015/1060, algorithm 3
    // Cost: 8M + 3S + 3*a + 2*b3 + 15add.
    double() {
      const { X: X1, Y: Y1, Z: Z1 } = this;
      let X3 = Fp2.ZERO, Y3 = Fp2.ZERO, Z3 = Fp2.ZERO;
      let t0 = Fp2.mul(X1, X1);
      let t1 = Fp2.mul(Y1, Y1);
      let t2 = Fp2.mul(Z1, Z1);
      let t3 = Fp2.mul(X1, Y1);
      t3 = Fp2.add(t3, t3);
      Z3 = Fp2.mul(X1, Z1);
      Z3 = Fp2.add(Z3, Z3);
      X3 = mulA(Z3);
      Y3 = Fp2.mul(b3, t2);
      Y3 = Fp2.add(X3, Y3);
      X3 = Fp2.sub(t1, Y3);
      Y3 = Fp2.add(t1, Y3);
      Y3 = Fp2.mul(X3, Y3);
      X3 = Fp2.mul(t3, X3);
      Z3 = Fp2.mul(b3, Z3);
      t2 = mulA(t2);
      t3 = Fp2.sub(t0, t2);
      t3 = mulA(t3);
      t3 = Fp2.add(t3, Z3);
      Z3 = Fp2.add(t0, t0);
      t0 = Fp2.add(Z3, t0);
      t0 = Fp2.add(t0, t2);
      t0 = Fp2.mul(t0, t3);
      Y3 = Fp2.add(Y3, t0);
      t2 = Fp2.mul(Y1, Z1);
      t2 = Fp2.add(t2, t2);
      t0 = Fp2.mul(t2, t3);
      X3 = Fp2.sub(X3, t0);
      Z3 = Fp2.mul(t2, t1);
      Z3 = Fp2.add(Z3, Z3);
      Z3 = Fp2.add(Z3, Z3);
      return new Point(X3, Y3, Z3);
    }
    // Renes-Costello-Batina exception-free addition formula.
    // There is 30% faster Jacobian formula, but it is not complete.
    // https://eprint.iacr.org/2015/1060, algorithm 1
    // Cost: 12M + 0S + 3*a + 3*b3 + 23add.
    add(other) {
      aprjpoint(other);
      const { X: X1, Y: Y1, Z: Z1 } = this;
      const { X: X2, Y: Y2, Z: Z2 } = other;
      let X3 = Fp2.ZERO, Y3 = Fp2.ZERO, Z3 = Fp2.ZERO;
      let t0 = Fp2.mul(X1, X2);
      let t1 = Fp2.mul(Y1, Y2);
      let t2 = Fp2.mul(Z1, Z2);
      let t3 = Fp2.add(X1, Y1);
      let t4 = Fp2.add(X2, Y2);
      t3 = Fp2.mul(t3, t4);
      t4 = Fp2.add(t0, t1);
      t3 = Fp2.sub(t3, t4);
      t4 = Fp2.add(X1, Z1);
      let t5 = Fp2.add(X2, Z2);
      t4 = Fp2.mul(t4, t5);
      t5 = Fp2.add(t0, t2);
      t4 = Fp2.sub(t4, t5);
      t5 = Fp2.add(Y1, Z1);
      X3 = Fp2.add(Y2, Z2);
      t5 = Fp2.mul(t5, X3);
      X3 = Fp2.add(t1, t2);
      t5 = Fp2.sub(t5, X3);
      Z3 = mulA(t4);
      X3 = Fp2.mul(b3, t2);
      Z3 = Fp2.add(X3, Z3);
      X3 = Fp2.sub(t1, Z3);
      Z3 = Fp2.add(t1, Z3);
      Y3 = Fp2.mul(X3, Z3);
      t1 = Fp2.add(t0, t0);
      t1 = Fp2.add(t1, t0);
      t2 = mulA(t2);
      t4 = Fp2.mul(b3, t4);
      t1 = Fp2.add(t1, t2);
      t2 = Fp2.sub(t0, t2);
      t2 = mulA(t2);
      t4 = Fp2.add(t4, t2);
      t0 = Fp2.mul(t1, t4);
      Y3 = Fp2.add(Y3, t0);
      t0 = Fp2.mul(t5, t4);
      X3 = Fp2.mul(t3, X3);
      X3 = Fp2.sub(X3, t0);
      t0 = Fp2.mul(t3, t1);
      Z3 = Fp2.mul(t5, Z3);
      Z3 = Fp2.add(Z3, t0);
      return new Point(X3, Y3, Z3);
    }
    subtract(other) {
      aprjpoint(other);
      return this.add(other.negate());
    }
    is0() {
      return this.equals(Point.ZERO);
    }
    /**
     * Constant time multiplication.
     * Uses precomputed tables (signed fixed-window wNAF) when available.
     * Uses scalar blinding and avoids endomorphism splitting in the secret-scalar path.
     * @param scalar - by which the point would be multiplied
     * @returns New point
     */
    multiply(scalar) {
      if (!Fn.isValidNot0(scalar))
        throw new RangeError("invalid scalar: out of range");
      const { p, f } = wnaf.mulSecret(this, scalar, cofactor, normalize);
      return normalize([p, f])[0];
    }
    /**
     * Non-constant-time multiplication. Uses width-4 wNAF with GLV endomorphism splitting
     * when available (two half-width scalars sharing one halved doubling chain).
     * It's faster, but should only be used when you don't care about
     * an exposed secret key e.g. sig verification, which works over *public* keys.
     */
    multiplyUnsafe(scalar) {
      const p = this;
      const sc = scalar;
      if (!Fn.isValid(sc))
        throw new RangeError("invalid scalar: out of range");
      if (sc === _0n5 || p.is0())
        return Point.ZERO;
      if (sc === _1n4)
        return p;
      if (wnaf.hasWindowSize(this))
        return wnaf.mulUnsafe(p, sc, normalize);
      const points = [];
      const scalars = [];
      pushWnafPair(points, scalars, p, sc);
      return mulAddUnsafe(Point, points, scalars);
    }
    /**
     * Non-constant-time double-scalar multiplication `a⋅this + b⋅other` (Strauss–Shamir).
     * Both walks share one doubling chain via {@link mulAddUnsafe}, and GLV endomorphism
     * (when available) halves the chain again by splitting each scalar into two half-width
     * parts. Used by ECDSA verification and public-key recovery for `R = u1⋅G + u2⋅P`.
     * Only for public scalars.
     */
    mulAddUnsafe(a, other, b) {
      aprjpoint(other);
      const points = [];
      const scalars = [];
      pushWnafPair(points, scalars, this, a);
      pushWnafPair(points, scalars, other, b);
      return mulAddUnsafe(Point, points, scalars);
    }
    /**
     * Converts Projective point to affine (x, y) coordinates.
     * (X, Y, Z) ∋ (x=X/Z, y=Y/Z).
     * @param invertedZ - Z^-1 (inverted zero) - optional, precomputation is useful for invertBatch
     */
    toAffine(invertedZ) {
      const p = this;
      let iz = invertedZ;
      if (iz != null && !Fp2.isValid(iz))
        throw new RangeError('"invertedZ" expected valid field element');
      const { X, Y, Z } = p;
      if (Fp2.eql(Z, Fp2.ONE))
        return { x: X, y: Y };
      const is0 = p.is0();
      if (iz == null)
        iz = is0 ? Fp2.ONE : Fp2.inv(Z);
      const x2 = Fp2.mul(X, iz);
      const y = Fp2.mul(Y, iz);
      const zz = Fp2.mul(Z, iz);
      if (is0)
        return { x: Fp2.ZERO, y: Fp2.ZERO };
      if (!Fp2.eql(zz, Fp2.ONE))
        throw new Error("invZ was invalid");
      return { x: x2, y };
    }
    /**
     * Checks whether Point is free of torsion elements (is in prime subgroup).
     * Always torsion-free for cofactor=1 curves.
     */
    isTorsionFree() {
      if (cofactor === _1n4)
        return true;
      if (isTorsionFree)
        return isTorsionFree(Point, this);
      return wnaf.mulUnsafe(this, CURVE_ORDER).is0();
    }
    clearCofactor() {
      if (cofactor === _1n4)
        return this;
      if (clearCofactor)
        return clearCofactor(Point, this);
      return this.multiplyUnsafe(cofactor);
    }
    isSmallOrder() {
      if (cofactor === _1n4)
        return this.is0();
      return this.clearCofactor().is0();
    }
    toBytes(isCompressed = true) {
      abool(isCompressed, "isCompressed");
      this.assertValidity();
      return encodePoint(Point, this, isCompressed);
    }
    toHex(isCompressed = true) {
      return bytesToHex3(this.toBytes(isCompressed));
    }
    toString() {
      return `<Point ${this.is0() ? "ZERO" : this.toHex()}>`;
    }
  }
  const normalize = (points) => normalizeZ(Point, points);
  const wnaf = new ScalarMultiplier(Point, randomBytes3);
  if (wnaf.bits >= 6)
    Point.BASE.precompute(6);
  Object.freeze(Point.prototype);
  Object.freeze(Point);
  return Point;
}
function pprefix(hasEvenY) {
  return Uint8Array.of(hasEvenY ? 2 : 3);
}
function getWLengths(Fp2, Fn) {
  return {
    secretKey: Fn.BYTES,
    publicKey: 1 + Fp2.BYTES,
    publicKeyUncompressed: 1 + 2 * Fp2.BYTES,
    publicKeyHasPrefix: true,
    // Raw compact `(r || s)` signature width; DER and recovered signatures use
    // different lengths outside this helper.
    signature: 2 * Fn.BYTES
  };
}
function ecdh(Point, ecdhOpts = {}) {
  validatePointCons(Point);
  const { Fn } = Point;
  const randomBytes_ = ecdhOpts.randomBytes === void 0 ? randomBytes2 : ecdhOpts.randomBytes;
  const lengths = Object.assign(getWLengths(Point.Fp, Fn), {
    seed: Math.max(getMinHashLength(Fn.ORDER), 16)
  });
  function isValidSecretKey(secretKey) {
    try {
      const num = Fn.fromBytes(secretKey);
      return Fn.isValidNot0(num);
    } catch (error) {
      return false;
    }
  }
  function isValidPublicKey(publicKey2, isCompressed) {
    const { publicKey: comp, publicKeyUncompressed } = lengths;
    try {
      const l = publicKey2.length;
      if (isCompressed === true && l !== comp)
        return false;
      if (isCompressed === false && l !== publicKeyUncompressed)
        return false;
      return !Point.fromBytes(publicKey2).is0();
    } catch (error) {
      return false;
    }
  }
  function randomSecretKey(seed) {
    seed = seed === void 0 ? randomBytes_(lengths.seed) : seed;
    return mapHashToField(abytes2(seed, lengths.seed, "seed"), Fn.ORDER);
  }
  function getPublicKey(secretKey, isCompressed = true) {
    return Point.BASE.multiply(Fn.fromBytes(secretKey)).toBytes(isCompressed);
  }
  function isProbPub(item) {
    const { secretKey, publicKey: publicKey2, publicKeyUncompressed } = lengths;
    const allowedLengths = Fn._lengths;
    if (!isBytes3(item))
      return void 0;
    const l = abytes2(item, void 0, "key").length;
    const isPub = l === publicKey2 || l === publicKeyUncompressed;
    const isSec = l === secretKey || !!allowedLengths?.includes(l);
    if (isPub && isSec)
      return void 0;
    return isPub;
  }
  function getSharedSecret(secretKeyA, publicKeyB, isCompressed = true) {
    if (isProbPub(secretKeyA) === true)
      throw new Error("first arg must be private key");
    if (isProbPub(publicKeyB) === false)
      throw new Error("second arg must be public key");
    const s = Fn.fromBytes(secretKeyA);
    const b = Point.fromBytes(publicKeyB);
    if (b.is0())
      throw new Error("invalid public key: point at infinity");
    return b.multiply(s).toBytes(isCompressed);
  }
  const utils = {
    isValidSecretKey,
    isValidPublicKey,
    randomSecretKey
  };
  const keygen = createKeygen(randomSecretKey, getPublicKey);
  Object.freeze(utils);
  Object.freeze(lengths);
  return Object.freeze({ getPublicKey, getSharedSecret, keygen, Point, utils, lengths });
}
function ecdsa(Point, hash2, ecdsaOpts = {}) {
  validatePointCons(Point);
  const hash_ = hash2;
  ahash(hash_);
  validateObject(ecdsaOpts, {}, {
    hmac: "function",
    lowS: "boolean",
    randomBytes: "function",
    bits2int: "function",
    bits2int_modN: "function"
  });
  const opts = Object.assign({}, ecdsaOpts);
  const randomBytes3 = opts.randomBytes === void 0 ? randomBytes2 : opts.randomBytes;
  const hmac2 = opts.hmac === void 0 ? (key, msg) => hmac(hash_, key, msg) : opts.hmac;
  const { Fp: Fp2, Fn } = Point;
  const { ORDER: CURVE_ORDER, BITS: fnBits } = Fn;
  const blindLength = getMinHashLength(CURVE_ORDER);
  const csprng = probeRandomBytes(randomBytes3, blindLength);
  const { keygen, getPublicKey, getSharedSecret, utils, lengths } = ecdh(Point, opts);
  const defaultSigOpts = {
    prehash: true,
    lowS: typeof opts.lowS === "boolean" ? opts.lowS : true,
    format: "compact",
    extraEntropy: false
  };
  const hasLargeRecoveryLifts = CURVE_ORDER * _2n2 + _1n4 < Fp2.ORDER;
  function isBiggerThanHalfOrder(number2) {
    const HALF = CURVE_ORDER >> _1n4;
    return number2 > HALF;
  }
  function validateRS(title, num) {
    if (!Fn.isValidNot0(num))
      throw new Error(`invalid signature ${title}: out of range 1..Point.Fn.ORDER`);
    return num;
  }
  function assertFieldSignIsSupported() {
    if (!Fp2.isOdd)
      throw new Error("Field doesn't support isOdd");
  }
  function getRecoveryBit(x2, y, r) {
    assertFieldSignIsSupported();
    return (x2 === r ? 0 : 2) | Number(Fp2.isOdd(y));
  }
  function assertRecoverableCurve() {
    if (hasLargeRecoveryLifts)
      throw new Error('"recovered" sig type is not supported for cofactor >2 curves');
  }
  function validateSigLength(bytes, format) {
    validateSigFormat(format);
    const size = lengths.signature;
    const sizer = format === "compact" ? size : format === "recovered" ? size + 1 : void 0;
    return abytes2(bytes, sizer);
  }
  class Signature {
    r;
    s;
    recovery;
    constructor(r, s, recovery) {
      this.r = validateRS("r", r);
      this.s = validateRS("s", s);
      if (recovery != null) {
        assertRecoverableCurve();
        if (![0, 1, 2, 3].includes(recovery))
          throw new Error("invalid recovery id");
        this.recovery = recovery;
      }
      Object.freeze(this);
    }
    static fromBytes(bytes, format = defaultSigOpts.format) {
      validateSigLength(bytes, format);
      let recid;
      if (format === "der") {
        if (bytes.length > 2 * Fn.BYTES + 16)
          throw new DER.Err("invalid signature: DER signature too long");
        const { r: r2, s: s2 } = DER.toSig(abytes2(bytes), Fn.BYTES + 1);
        return new Signature(r2, s2);
      }
      if (format === "recovered") {
        recid = bytes[0];
        format = "compact";
        bytes = bytes.subarray(1);
      }
      const L = lengths.signature / 2;
      const r = bytes.subarray(0, L);
      const s = bytes.subarray(L, L * 2);
      return new Signature(Fn.fromBytes(r), Fn.fromBytes(s), recid);
    }
    static fromHex(hex, format) {
      return this.fromBytes(hexToBytes3(hex), format);
    }
    assertRecovery() {
      const { recovery } = this;
      if (recovery == null)
        throw new Error("invalid recovery id: must be present");
      return recovery;
    }
    addRecoveryBit(recovery) {
      return new Signature(this.r, this.s, recovery);
    }
    // Unlike the top-level helper below, this method expects a digest that has
    // already been hashed to the curve's message representative.
    recoverPublicKey(messageHash) {
      const { r, s } = this;
      const recovery = this.assertRecovery();
      const radj = recovery === 2 || recovery === 3 ? r + CURVE_ORDER : r;
      if (!Fp2.isValid(radj))
        throw new Error("invalid recovery id: sig.r+curve.n != R.x");
      const x2 = Fp2.toBytes(radj);
      const R = Point.fromBytes(concatBytes3(pprefix((recovery & 1) === 0), x2));
      const ir = Fn.inv(radj);
      const h = bits2int_modN(abytes2(messageHash, void 0, "msgHash"));
      const u1 = Fn.create(-h * ir);
      const u2 = Fn.create(s * ir);
      const Q = Point.BASE.mulAddUnsafe(u1, R, u2);
      if (Q.is0())
        throw new Error("invalid recovery: point at infinify");
      Q.assertValidity();
      return Q;
    }
    // Signatures should be low-s, to prevent malleability.
    hasHighS() {
      return isBiggerThanHalfOrder(this.s);
    }
    toBytes(format = defaultSigOpts.format) {
      validateSigFormat(format);
      if (format === "der")
        return hexToBytes3(DER.hexFromSig(this));
      const { r, s } = this;
      const rb = Fn.toBytes(r);
      const sb = Fn.toBytes(s);
      if (format === "recovered") {
        assertRecoverableCurve();
        return concatBytes3(Uint8Array.of(this.assertRecovery()), rb, sb);
      }
      return concatBytes3(rb, sb);
    }
    toHex(format) {
      return bytesToHex3(this.toBytes(format));
    }
  }
  Object.freeze(Signature.prototype);
  Object.freeze(Signature);
  const bits2int = opts.bits2int === void 0 ? function bits2int_def(bytes) {
    if (bytes.length > 8192)
      throw new Error("input is too large");
    const num = bytesToNumberBE(bytes);
    const delta = bytes.length * 8 - fnBits;
    return delta > 0 ? num >> BigInt(delta) : num;
  } : opts.bits2int;
  const bits2int_modN = opts.bits2int_modN === void 0 ? function bits2int_modN_def(bytes) {
    return Fn.create(bits2int(bytes));
  } : opts.bits2int_modN;
  const ORDER_MASK = bitMask(fnBits);
  function int2octets(num) {
    aInRange("num < 2^" + fnBits, num, _0n5, ORDER_MASK);
    return Fn.toBytes(num);
  }
  function validateMsgAndHash(message, prehash) {
    abytes2(message, void 0, "message");
    return prehash ? abytes2(hash_(message), void 0, "prehashed message") : message;
  }
  function prepSig(message, secretKey, opts2) {
    const { lowS, prehash, extraEntropy } = validateSigOpts(opts2, defaultSigOpts);
    message = validateMsgAndHash(message, prehash);
    const h1int = bits2int_modN(message);
    const d = Fn.fromBytes(secretKey);
    if (!Fn.isValidNot0(d))
      throw new Error("invalid private key");
    const seedArgs = [int2octets(d), int2octets(h1int)];
    if (extraEntropy != null && extraEntropy !== false) {
      const e = extraEntropy === true ? randomBytes3(lengths.secretKey) : extraEntropy;
      seedArgs.push(abytes2(e, void 0, "extraEntropy"));
    }
    const seed = concatBytes3(...seedArgs);
    const m = h1int;
    function k2sig(kBytes) {
      const k = bits2int(kBytes);
      if (!Fn.isValidNot0(k))
        return;
      const q = Point.BASE.multiply(k).toAffine();
      const r = Fn.create(q.x);
      if (r === _0n5)
        return;
      let s;
      if (csprng !== void 0) {
        const b = bytesToNumberBE(mapHashToField(csprng(blindLength), CURVE_ORDER));
        const ibk = Fn.inv(Fn.mul(b, k));
        const bm = Fn.mul(b, m);
        const bd = Fn.mul(b, d);
        s = Fn.create(ibk * Fn.create(bm + bd * r));
      } else {
        const ik = invertCt(k, CURVE_ORDER);
        s = Fn.create(ik * Fn.create(m + r * d));
      }
      if (s === _0n5)
        return;
      let recovery = getRecoveryBit(q.x, q.y, r);
      let normS = s;
      if (lowS && isBiggerThanHalfOrder(s)) {
        normS = Fn.neg(s);
        recovery ^= 1;
      }
      return new Signature(r, normS, hasLargeRecoveryLifts ? void 0 : recovery);
    }
    return { seed, k2sig };
  }
  function sign(message, secretKey, opts2 = {}) {
    const { seed, k2sig } = prepSig(message, secretKey, opts2);
    const drbg = createHmacDrbg(hash_.outputLen, Fn.BYTES, hmac2);
    const sig = drbg(seed, k2sig);
    return sig.toBytes(opts2.format);
  }
  function verify2(signature, message, publicKey2, opts2 = {}) {
    const { lowS, prehash, format } = validateSigOpts(opts2, defaultSigOpts);
    publicKey2 = abytes2(publicKey2, void 0, "publicKey");
    message = validateMsgAndHash(message, prehash);
    if (!isBytes3(signature)) {
      const end = signature instanceof Signature ? ", use sig.toBytes()" : "";
      throw new Error("verify expects Uint8Array signature" + end);
    }
    validateSigLength(signature, format);
    try {
      const sig = Signature.fromBytes(signature, format);
      const P = Point.fromBytes(publicKey2);
      if (P.is0())
        return false;
      if (lowS && sig.hasHighS())
        return false;
      const { r, s } = sig;
      const h = bits2int_modN(message);
      const is = Fn.inv(s);
      const u1 = Fn.create(h * is);
      const u2 = Fn.create(r * is);
      const R = Point.BASE.mulAddUnsafe(u1, P, u2);
      if (R.is0())
        return false;
      const q = R.toAffine();
      const v = Fn.create(q.x);
      if (v !== r)
        return false;
      if (format === "recovered" && sig.recovery !== getRecoveryBit(q.x, q.y, r))
        return false;
      return true;
    } catch (e) {
      return false;
    }
  }
  function recoverPublicKey(signature, message, opts2 = {}) {
    const { prehash } = validateSigOpts(opts2, defaultSigOpts);
    message = validateMsgAndHash(message, prehash);
    return Signature.fromBytes(signature, "recovered").recoverPublicKey(message).toBytes();
  }
  return Object.freeze({
    keygen,
    getPublicKey,
    getSharedSecret,
    utils,
    lengths,
    Point,
    sign,
    verify: verify2,
    recoverPublicKey,
    Signature,
    hash: hash_
  });
}

// packages/cose/src/algorithm/p256-point.ts
var P256 = /* @__PURE__ */ (() => ({
  p: BigInt("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
  n: BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
  h: BigInt(1),
  a: BigInt("0xffffffff00000001000000000000000000000000fffffffffffffffffffffffc"),
  b: BigInt("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
  Gx: BigInt("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
  Gy: BigInt("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
}))();
var P256Point = /* @__PURE__ */ weierstrass(P256);

// packages/cose/src/algorithm/es256.ts
var es256 = {
  coordinates: 2,
  coseKey: { crv: 1, kty: 2 },
  ids: [-7, -9],
  jwk: { crv: "P-256", kty: "EC" },
  name: "ES256",
  rawSizeBytes: 65,
  // SEQ { SEQ { ecPublicKey, prime256v1 }, BIT STRING (66 bytes) } (RFC 5480)
  spkiPrefixHex: "3059301306072a8648ce3d020106082a8648ce3d030107034200",
  readKey: (bytes) => {
    const first = bytes[0];
    if (first === 6 || first === 7) throw coseError("ERR_KEY_POINT", "Hybrid points (06 / 07) are refused");
    try {
      const point = P256Point.fromBytes(bytes);
      point.assertValidity();
      return point.toBytes(false);
    } catch {
      throw coseError("ERR_KEY_POINT", "The point is not on the curve P-256");
    }
  },
  verify: (raw, message, signature) => {
    try {
      return isValid(raw, sha256(message), signature);
    } catch {
      return false;
    }
  }
};
function isValid(raw, digest, signature) {
  const { Fn } = P256Point;
  const r = toNumber(signature.subarray(0, 32));
  const s = toNumber(signature.subarray(32));
  if (!Fn.isValidNot0(r) || !Fn.isValidNot0(s)) return false;
  const inverse = Fn.inv(s);
  const u1 = Fn.mul(Fn.create(toNumber(digest)), inverse);
  const u2 = Fn.mul(r, inverse);
  const point = P256Point.BASE.mulAddUnsafe(u1, P256Point.fromBytes(raw), u2);
  return !point.is0() && Fn.create(point.toAffine().x) === r;
}
function toNumber(bytes) {
  return BigInt(`0x${bytesToHex(bytes)}`);
}

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/abstract/edwards.js
var _0n6 = /* @__PURE__ */ BigInt(0);
var _1n5 = /* @__PURE__ */ BigInt(1);
var _2n3 = /* @__PURE__ */ BigInt(2);
var _4n4 = /* @__PURE__ */ BigInt(4);
var _8n2 = /* @__PURE__ */ BigInt(8);
function isEdValidXY(Fp2, CURVE, x2, y) {
  const x22 = Fp2.sqr(x2);
  const y2 = Fp2.sqr(y);
  const left = Fp2.add(Fp2.mul(CURVE.a, x22), y2);
  const right = Fp2.add(Fp2.ONE, Fp2.mul(CURVE.d, Fp2.mul(x22, y2)));
  return Fp2.eql(left, right);
}
function edwards(params, extraOpts = {}) {
  validateObject(extraOpts, {}, {}, "extraOpts");
  const opts = extraOpts;
  const validated = createCurveFields("edwards", params, opts, opts.FpFnLE);
  const { Fp: Fp2, Fn } = validated;
  let CURVE = validated.CURVE;
  const { h: cofactor } = CURVE;
  if (FpLegendre(Fp2, CURVE.a) !== 1)
    throw new Error("edwards: CURVE.a must be a square in Fp for complete addition formulas");
  if (FpLegendre(Fp2, CURVE.d) !== -1)
    throw new Error("edwards: CURVE.d must be a non-square in Fp for complete addition formulas");
  validateObject(opts, {}, { uvRatio: "function", randomBytes: "function" });
  const randomBytes3 = opts.randomBytes === void 0 ? randomBytes2 : opts.randomBytes;
  const MASK = _2n3 << BigInt(Fp2.BYTES * 8) - _1n5;
  function isOdd(n) {
    if (!Fp2.isOdd)
      throw new Error("Field does not have .isOdd()");
    return Fp2.isOdd(n);
  }
  const uvRatio2 = opts.uvRatio === void 0 ? (u, v) => {
    try {
      return { isValid: true, value: Fp2.sqrt(Fp2.div(u, v)) };
    } catch (e) {
      return { isValid: false, value: _0n6 };
    }
  } : opts.uvRatio;
  if (!isEdValidXY(Fp2, CURVE, CURVE.Gx, CURVE.Gy))
    throw new Error("bad curve params: generator point");
  const mulA = Fp2.eql(CURVE.a, Fp2.neg(Fp2.ONE)) ? (x2) => Fp2.neg(x2) : Fp2.eql(CURVE.a, Fp2.ONE) ? (x2) => x2 : (x2) => Fp2.mul(CURVE.a, x2);
  function acoord(title, n, banZero = false) {
    const min = banZero ? _1n5 : _0n6;
    aInRange("coordinate " + title, n, min, MASK);
    return n;
  }
  function aedpoint(other) {
    if (!(other instanceof Point))
      throw new Error("EdwardsPoint expected");
  }
  class Point {
    static BASE = new Point(CURVE.Gx, CURVE.Gy, Fp2.ONE, Fp2.mul(CURVE.Gx, CURVE.Gy));
    static ZERO = new Point(Fp2.ZERO, Fp2.ONE, Fp2.ONE, Fp2.ZERO);
    static Fp = Fp2;
    static Fn = Fn;
    X;
    Y;
    Z;
    T;
    constructor(X, Y, Z, T) {
      this.X = acoord("x", X);
      this.Y = acoord("y", Y);
      this.Z = acoord("z", Z, true);
      this.T = acoord("t", T);
      Object.freeze(this);
    }
    static CURVE() {
      return CURVE;
    }
    /**
     * Create one extended Edwards point from affine coordinates.
     * Does NOT validate that the point is on-curve or torsion-free.
     * Use `.assertValidity()` on adversarial inputs.
     */
    static fromAffine(p) {
      if (p instanceof Point)
        throw new Error("extended point not allowed");
      const { x: x2, y } = p || {};
      acoord("x", x2);
      acoord("y", y);
      return new Point(x2, y, Fp2.ONE, Fp2.mul(x2, y));
    }
    // Uses algo from RFC8032 5.1.3.
    static fromBytes(bytes, zip215 = false) {
      const len = Fp2.BYTES;
      const { a, d } = CURVE;
      bytes = copyBytes(abytes2(bytes, len, "point"));
      abool(zip215, "zip215");
      const normed = copyBytes(bytes);
      const lastByte = bytes[len - 1];
      normed[len - 1] = lastByte & ~128;
      const y = bytesToNumberLE(normed);
      const max2 = zip215 ? MASK : Fp2.ORDER;
      aInRange("point.y", y, _0n6, max2);
      const y2 = Fp2.sqr(y);
      const u = Fp2.sub(y2, Fp2.ONE);
      const v = Fp2.sub(Fp2.mulN(d, y2), a);
      let { isValid: isValid2, value: x2 } = uvRatio2(u, v);
      if (!isValid2)
        throw new Error("bad point: invalid y coordinate");
      const isXOdd = isOdd(x2);
      const isLastByteOdd = (lastByte & 128) !== 0;
      if (!zip215 && Fp2.is0(x2) && isLastByteOdd)
        throw new Error("bad point: x=0 and x_0=1");
      if (isLastByteOdd !== isXOdd)
        x2 = Fp2.neg(x2);
      return Point.fromAffine({ x: x2, y });
    }
    static fromHex(hex, zip215 = false) {
      return Point.fromBytes(hexToBytes3(hex), zip215);
    }
    get x() {
      return this.toAffine().x;
    }
    get y() {
      return this.toAffine().y;
    }
    precompute(windowSize = 6, isLazy = true) {
      wnaf.setWindowSize(this, windowSize);
      if (!isLazy)
        this.multiply(_2n3);
      return this;
    }
    // Useful in fromAffine() - not for fromBytes(), which always created valid points.
    assertValidity() {
      const p = this;
      const { a, d } = CURVE;
      if (p.is0())
        throw new Error("bad point: ZERO");
      const { X, Y, Z, T } = p;
      const X2 = Fp2.sqr(X);
      const Y2 = Fp2.sqr(Y);
      const Z2 = Fp2.sqr(Z);
      const Z4 = Fp2.sqr(Z2);
      const aX2 = Fp2.mul(X2, a);
      const left = Fp2.mul(Fp2.add(aX2, Y2), Z2);
      const right = Fp2.add(Z4, Fp2.mul(d, Fp2.mul(X2, Y2)));
      if (!Fp2.eql(left, right))
        throw new Error("bad point: equation left != right (1)");
      const XY = Fp2.mul(X, Y);
      const ZT = Fp2.mul(Z, T);
      if (!Fp2.eql(XY, ZT))
        throw new Error("bad point: equation left != right (2)");
    }
    // Compare one point to another.
    equals(other) {
      aedpoint(other);
      const { X: X1, Y: Y1, Z: Z1 } = this;
      const { X: X2, Y: Y2, Z: Z2 } = other;
      const X1Z2 = Fp2.mul(X1, Z2);
      const X2Z1 = Fp2.mul(X2, Z1);
      const Y1Z2 = Fp2.mul(Y1, Z2);
      const Y2Z1 = Fp2.mul(Y2, Z1);
      return Fp2.eql(X1Z2, X2Z1) && Fp2.eql(Y1Z2, Y2Z1);
    }
    is0() {
      return this.equals(Point.ZERO);
    }
    negate() {
      return new Point(Fp2.neg(this.X), this.Y, this.Z, Fp2.neg(this.T));
    }
    // Fast algo for doubling Extended Point.
    // https://hyperelliptic.org/EFD/g1p/auto-twisted-extended.html#doubling-dbl-2008-hwcd
    // Cost: 4M + 4S + 1*a + 6add + 1*2.
    double() {
      const { X: X1, Y: Y1, Z: Z1 } = this;
      const A = Fp2.sqr(X1);
      const B = Fp2.sqr(Y1);
      const C = Fp2.mul(Fp2.sqr(Z1), _2n3);
      const D = mulA(A);
      const x1y1 = Fp2.addN(X1, Y1);
      const E = Fp2.sub(Fp2.subN(Fp2.sqr(x1y1), A), B);
      const G = Fp2.addN(D, B);
      const F = Fp2.subN(G, C);
      const H = Fp2.subN(D, B);
      const X3 = Fp2.mul(E, F);
      const Y3 = Fp2.mul(G, H);
      const T3 = Fp2.mul(E, H);
      const Z3 = Fp2.mul(F, G);
      return new Point(X3, Y3, Z3, T3);
    }
    // Fast algo for adding 2 Extended Points.
    // https://hyperelliptic.org/EFD/g1p/auto-twisted-extended.html#addition-add-2008-hwcd
    // Cost: 9M + 1*a + 1*d + 7add.
    add(other) {
      aedpoint(other);
      const { d } = CURVE;
      const { X: X1, Y: Y1, Z: Z1, T: T1 } = this;
      const { X: X2, Y: Y2, Z: Z2, T: T2 } = other;
      const A = Fp2.mul(X1, X2);
      const B = Fp2.mul(Y1, Y2);
      const C = Fp2.mul(Fp2.mulN(T1, d), T2);
      const D = Fp2.mul(Z1, Z2);
      const E = Fp2.sub(Fp2.subN(Fp2.mulN(Fp2.addN(X1, Y1), Fp2.addN(X2, Y2)), A), B);
      const F = Fp2.subN(D, C);
      const G = Fp2.addN(D, C);
      const H = Fp2.sub(B, mulA(A));
      const X3 = Fp2.mul(E, F);
      const Y3 = Fp2.mul(G, H);
      const T3 = Fp2.mul(E, H);
      const Z3 = Fp2.mul(F, G);
      return new Point(X3, Y3, Z3, T3);
    }
    subtract(other) {
      aedpoint(other);
      return this.add(other.negate());
    }
    // Constant-time multiplication.
    multiply(scalar) {
      if (!Fn.isValidNot0(scalar))
        throw new RangeError("invalid scalar: expected 1 <= sc < curve.n");
      const { p, f } = wnaf.mulSecret(this, scalar, cofactor, normalize);
      return normalize([p, f])[0];
    }
    // Non-constant-time multiplication. Uses double-and-add algorithm.
    // It's faster, but should only be used when you don't care about
    // an exposed private key e.g. sig verification.
    // Keeps the same subgroup-scalar contract: 0 is allowed for public-scalar callers, but
    // n and larger values are rejected instead of being reduced mod n to the identity point.
    multiplyUnsafe(scalar) {
      if (!Fn.isValid(scalar))
        throw new RangeError("invalid scalar: expected 0 <= sc < curve.n");
      if (scalar === _0n6)
        return Point.ZERO;
      if (this.is0() || scalar === _1n5)
        return this;
      return wnaf.mulUnsafe(this, scalar, normalize);
    }
    // Checks if point is of small order.
    // If you add something to small order point, you will have "dirty"
    // point with torsion component.
    // Clears cofactor and checks if the result is 0.
    isSmallOrder() {
      return this.clearCofactor().is0();
    }
    // Multiplies point by curve order and checks if the result is 0.
    // Returns `false` is the point is dirty.
    isTorsionFree() {
      return wnaf.mulUnsafe(this, CURVE.n).is0();
    }
    // Converts Extended point to default (x, y) coordinates.
    // Can accept precomputed Z^-1 - for example, from invertBatch.
    toAffine(invertedZ) {
      const p = this;
      let iz = invertedZ;
      if (iz != null && typeof iz !== "bigint")
        throw new TypeError('"invertedZ" expected bigint, got type=' + typeof iz);
      const { X, Y, Z } = p;
      const is0 = p.is0();
      if (iz == null)
        iz = is0 ? Fp2.create(_8n2) : Fp2.inv(Z);
      const x2 = Fp2.mul(X, iz);
      const y = Fp2.mul(Y, iz);
      const zz = Fp2.mul(Z, iz);
      if (is0)
        return { x: Fp2.ZERO, y: Fp2.ONE };
      if (!Fp2.eql(zz, Fp2.ONE))
        throw new Error("invZ was invalid");
      return { x: x2, y };
    }
    clearCofactor() {
      if (cofactor === _1n5)
        return this;
      if (cofactor === _2n3)
        return this.double();
      if (cofactor === _4n4)
        return this.double().double();
      if (cofactor === _8n2)
        return this.double().double().double();
      return this.multiplyUnsafe(cofactor);
    }
    toBytes() {
      const { x: x2, y } = this.toAffine();
      const bytes = Fp2.toBytes(y);
      bytes[bytes.length - 1] |= isOdd(x2) ? 128 : 0;
      return bytes;
    }
    toHex() {
      return bytesToHex3(this.toBytes());
    }
    toString() {
      return `<Point ${this.is0() ? "ZERO" : this.toHex()}>`;
    }
  }
  const normalize = (points) => normalizeZ(Point, points);
  const wnaf = new ScalarMultiplier(Point, randomBytes3);
  if (wnaf.bits >= 6)
    Point.BASE.precompute(6);
  Object.freeze(Point.prototype);
  Object.freeze(Point);
  return Point;
}
function eddsa(Point, cHash, eddsaOpts = {}) {
  validatePointCons(Point);
  if (typeof cHash !== "function")
    throw new Error('"hash" function param is required');
  const hash2 = cHash;
  const opts = eddsaOpts;
  validateObject(opts, {}, {
    adjustScalarBytes: "function",
    randomBytes: "function",
    domain: "function",
    prehash: "function",
    zip215: "boolean",
    mapToCurve: "function",
    toMontgomery: "function",
    toMontgomerySecret: "function"
  });
  const { prehash } = opts;
  const { BASE, Fp: Fp2, Fn } = Point;
  const outputLen = hash2.outputLen;
  const expectedLen = 2 * Fp2.BYTES;
  if (outputLen !== void 0) {
    asafenumber(outputLen, "hash.outputLen");
    if (outputLen !== expectedLen)
      throw new Error(`hash.outputLen must be ${expectedLen}, got ${outputLen}`);
  }
  const randomBytes3 = opts.randomBytes === void 0 ? randomBytes2 : opts.randomBytes;
  const toMontgomery2 = opts.toMontgomery;
  const toMontgomerySecret2 = opts.toMontgomerySecret;
  const adjustScalarBytes2 = opts.adjustScalarBytes === void 0 ? (bytes) => bytes : opts.adjustScalarBytes;
  const domain = opts.domain === void 0 ? (data, ctx, phflag) => {
    abool(phflag, "phflag");
    if (ctx.length || phflag)
      throw new Error("Contexts/pre-hash are not supported");
    return data;
  } : opts.domain;
  function modN_LE(hash3) {
    return Fn.create(bytesToNumberLE(hash3));
  }
  function getPrivateScalar(key) {
    const len = lengths.secretKey;
    abytes2(key, lengths.secretKey, "secretKey");
    const hashed = abytes2(hash2(key), 2 * len, "hashedSecretKey");
    const head = adjustScalarBytes2(hashed.slice(0, len));
    const prefix = hashed.slice(len, 2 * len);
    const scalar = modN_LE(head);
    return { head, prefix, scalar };
  }
  function getExtendedPublicKey(secretKey) {
    const { head, prefix, scalar } = getPrivateScalar(secretKey);
    const point = BASE.multiply(scalar);
    const pointBytes = point.toBytes();
    return { head, prefix, scalar, point, pointBytes };
  }
  function getPublicKey(secretKey) {
    return getExtendedPublicKey(secretKey).pointBytes;
  }
  function hashDomainToScalar(context = Uint8Array.of(), ...msgs) {
    const msg = concatBytes3(...msgs);
    return modN_LE(hash2(domain(msg, abytes2(context, void 0, "context"), !!prehash)));
  }
  function sign(msg, secretKey, options2 = {}) {
    validateObject(options2, {}, {}, "options");
    msg = copyBytes(abytes2(msg, void 0, "message"));
    if (prehash)
      msg = prehash(msg);
    const { prefix, scalar, pointBytes } = getExtendedPublicKey(secretKey);
    const r = hashDomainToScalar(options2.context, prefix, msg);
    const R = BASE.multiply(r).toBytes();
    const k = hashDomainToScalar(options2.context, R, pointBytes, msg);
    const s = Fn.create(r + k * scalar);
    if (!Fn.isValid(s))
      throw new Error("sign failed: invalid s");
    const rs = concatBytes3(R, Fn.toBytes(s));
    return abytes2(rs, lengths.signature, "result");
  }
  const verifyOpts = {
    zip215: opts.zip215
  };
  function verify2(sig, msg, publicKey2, options2 = verifyOpts) {
    validateObject(options2);
    const { context } = options2;
    const zip215 = options2.zip215 === void 0 ? !!verifyOpts.zip215 : options2.zip215;
    const len = lengths.signature;
    sig = abytes2(sig, len, "signature");
    msg = abytes2(msg, void 0, "message");
    publicKey2 = abytes2(publicKey2, lengths.publicKey, "publicKey");
    if (zip215 !== void 0)
      abool(zip215, "zip215");
    if (prehash)
      msg = prehash(msg);
    const mid = len / 2;
    const r = sig.subarray(0, mid);
    const s = bytesToNumberLE(sig.subarray(mid, len));
    let A, R, SB;
    try {
      A = Point.fromBytes(publicKey2, zip215);
      R = Point.fromBytes(r, zip215);
      SB = BASE.multiplyUnsafe(s);
    } catch (error) {
      return false;
    }
    if (!zip215 && A.isSmallOrder())
      return false;
    const k = hashDomainToScalar(context, r, publicKey2, msg);
    const RkA = R.add(A.multiplyUnsafe(k));
    return RkA.subtract(SB).clearCofactor().is0();
  }
  const _size = Fp2.BYTES;
  const lengths = {
    secretKey: _size,
    publicKey: _size,
    signature: 2 * _size,
    seed: _size
  };
  function randomSecretKey(seed) {
    seed = seed === void 0 ? randomBytes3(lengths.seed) : seed;
    return abytes2(seed, lengths.seed, "seed");
  }
  function isValidSecretKey(key) {
    return isBytes3(key) && key.length === lengths.secretKey;
  }
  function isValidPublicKey(key, zip215) {
    try {
      return !!Point.fromBytes(key, zip215 === void 0 ? verifyOpts.zip215 : zip215);
    } catch (error) {
      return false;
    }
  }
  const utils = {
    getExtendedPublicKey,
    randomSecretKey,
    isValidSecretKey,
    isValidPublicKey,
    /** Converts an Edwards public key to a companion Montgomery public key. */
    toMontgomery(publicKey2) {
      if (toMontgomery2 === void 0)
        throw new Error("Montgomery conversion is not supported for this curve");
      return toMontgomery2(Point.fromBytes(publicKey2));
    },
    toMontgomerySecret(secretKey) {
      if (toMontgomerySecret2 === void 0)
        throw new Error("Montgomery conversion is not supported for this curve");
      return toMontgomerySecret2(secretKey);
    }
  };
  Object.freeze(lengths);
  Object.freeze(utils);
  return Object.freeze({
    keygen: createKeygen(randomSecretKey, getPublicKey),
    getPublicKey,
    sign,
    verify: verify2,
    utils,
    Point,
    lengths
  });
}

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/ed25519.js
var _1n6 = /* @__PURE__ */ BigInt(1);
var _2n4 = /* @__PURE__ */ BigInt(2);
var _5n2 = /* @__PURE__ */ BigInt(5);
var _8n3 = /* @__PURE__ */ BigInt(8);
var ed25519_CURVE_p = /* @__PURE__ */ BigInt("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
var ed25519_CURVE = /* @__PURE__ */ (() => ({
  p: ed25519_CURVE_p,
  n: BigInt("0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"),
  h: _8n3,
  a: BigInt("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
  d: BigInt("0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"),
  Gx: BigInt("0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a"),
  Gy: BigInt("0x6666666666666666666666666666666666666666666666666666666666666658")
}))();
function ed25519_pow_2_252_3(x2) {
  const _10n = BigInt(10), _20n = BigInt(20), _40n = BigInt(40), _80n = BigInt(80);
  const P = ed25519_CURVE_p;
  const x22 = x2 * x2 % P;
  const b2 = x22 * x2 % P;
  const b4 = pow2(b2, _2n4, P) * b2 % P;
  const b5 = pow2(b4, _1n6, P) * x2 % P;
  const b10 = pow2(b5, _5n2, P) * b5 % P;
  const b20 = pow2(b10, _10n, P) * b10 % P;
  const b40 = pow2(b20, _20n, P) * b20 % P;
  const b80 = pow2(b40, _40n, P) * b40 % P;
  const b160 = pow2(b80, _80n, P) * b80 % P;
  const b240 = pow2(b160, _80n, P) * b80 % P;
  const b250 = pow2(b240, _10n, P) * b10 % P;
  const pow_p_5_8 = pow2(b250, _2n4, P) * x2 % P;
  return { pow_p_5_8, b2 };
}
function adjustScalarBytes(bytes) {
  bytes[0] &= 248;
  bytes[31] &= 127;
  bytes[31] |= 64;
  return bytes;
}
var ED25519_SQRT_M1 = /* @__PURE__ */ BigInt("19681161376707505956807079304988542015446066515923890162744021073123829784752");
function uvRatio(u, v) {
  const P = ed25519_CURVE_p;
  const v3 = mod(v * v * v, P);
  const v7 = mod(v3 * v3 * v, P);
  const pow3 = ed25519_pow_2_252_3(u * v7).pow_p_5_8;
  let x2 = mod(u * v3 * pow3, P);
  const vx2 = mod(v * x2 * x2, P);
  const root1 = x2;
  const root2 = mod(x2 * ED25519_SQRT_M1, P);
  const useRoot1 = vx2 === u;
  const useRoot2 = vx2 === mod(-u, P);
  const noRoot = vx2 === mod(-u * ED25519_SQRT_M1, P);
  if (useRoot1)
    x2 = root1;
  if (useRoot2 || noRoot)
    x2 = root2;
  if (isNegativeLE(x2, P))
    x2 = mod(-x2, P);
  return { isValid: useRoot1 || useRoot2, value: x2 };
}
var ed25519_Point = /* @__PURE__ */ edwards(ed25519_CURVE, { uvRatio });
var Fp = /* @__PURE__ */ (() => ed25519_Point.Fp)();
function toMontgomery(point) {
  const { y } = point;
  return Fp.toBytes(Fp.div(_1n6 + y, _1n6 - y));
}
function toMontgomerySecret(secretKey) {
  const size = ed25519_Point.Fp.BYTES;
  abytes(secretKey, size);
  return adjustScalarBytes(sha512(secretKey.subarray(0, size))).subarray(0, size);
}
function ed(opts) {
  return eddsa(ed25519_Point, sha512, Object.assign({ adjustScalarBytes, toMontgomery, toMontgomerySecret, zip215: true }, opts));
}
var ed25519 = /* @__PURE__ */ ed({});

// packages/cose/src/ed25519.ts
var ed255192 = {
  coordinates: 1,
  coseKey: { crv: 6, kty: 1 },
  ids: [-19, -8],
  jwk: { crv: "Ed25519", kty: "OKP" },
  name: "Ed25519",
  rawSizeBytes: 32,
  // SEQ { SEQ { Ed25519 }, BIT STRING (33 bytes) } (RFC 8410)
  spkiPrefixHex: "302a300506032b6570032100",
  readKey: (bytes) => {
    try {
      if (ed25519.Point.fromBytes(bytes, false).isSmallOrder()) throw new Error("small order");
    } catch {
      throw coseError("ERR_KEY_POINT", "The bytes are no Ed25519 public key of full order");
    }
    return bytes.slice();
  },
  verify: (raw, message, signature) => {
    try {
      return ed25519.verify(signature, message, raw, { zip215: false });
    } catch {
      return false;
    }
  }
};

// packages/cose/src/signing/all-algorithms.ts
var ALL_ALGORITHMS = [es256, ed255192];
function algorithmOf(name) {
  const found = ALL_ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (found === void 0)
    throw new RangeError(`Expected the algorithm ES256 or Ed25519, got ${JSON.stringify(name)}`);
  return found;
}

// packages/cose/src/key/spki.ts
function encodeSpki({ spkiPrefixHex }, raw) {
  return concatBytes(hexToBytes(spkiPrefixHex), raw);
}
function decodeSpki(der, algorithms) {
  const hex = bytesToHex(der);
  for (const algorithm of algorithms) {
    const { spkiPrefixHex, rawSizeBytes } = algorithm;
    if (hex.indexOf(spkiPrefixHex) !== 0) continue;
    const start = spkiPrefixHex.length / 2;
    if (der.length !== start + rawSizeBytes) break;
    return { algorithm, raw: der.slice(start) };
  }
  const names = algorithms.map(({ jwk }) => jwk.crv).join(" or ");
  if (der[0] === 48 && (hex.includes("2a8648ce3d0201") || hex.includes("06032b6570"))) {
    throw coseError(
      "ERR_KEY_CURVE",
      `Expected an uncompressed key on ${names}; others need their algorithm passed in`
    );
  }
  throw coseError("ERR_KEY_FORMAT", `Expected a SubjectPublicKeyInfo of a key on ${names}`);
}

// packages/cose/src/labels.ts
var HEADER = {
  alg: 1,
  crit: 2,
  contentType: 3,
  kid: 4,
  cwtClaims: 15,
  typ: 16,
  receipts: 394
};
var CLAIM = { iss: 1, sub: 2 };
var COSE_KEY = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, d: -4 };
var TAG = { sign1: 18, sign: 98 };

// packages/cose/src/signing/write-pem.ts
function writePem(label, der) {
  const text2 = bytesToBase64url(der).replace(/-/g, "+").replace(/_/g, "/");
  const padded = text2 + "=".repeat((4 - text2.length % 4) % 4);
  const lines = padded.replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN ${label}-----
${lines}-----END ${label}-----
`;
}

// packages/cose/src/signing/export-public-key.ts
function exportPublicKey(key) {
  const { algorithm, raw } = key;
  const spki = encodeSpki(algorithm, raw);
  const [x2, y] = algorithm.coordinates === 2 ? [raw.slice(1, 33), raw.slice(33)] : [raw];
  const cose = /* @__PURE__ */ new Map([
    [COSE_KEY.kty, algorithm.coseKey.kty],
    [COSE_KEY.alg, algorithm.ids[0]],
    [COSE_KEY.crv, algorithm.coseKey.crv],
    [COSE_KEY.x, x2]
  ]);
  if (y !== void 0) cose.set(COSE_KEY.y, y);
  return {
    coseKey: encodeCbor(cose),
    jwk: {
      ...algorithm.jwk,
      alg: key.alg,
      kid: key.kidHex,
      use: "sig",
      x: bytesToBase64url(x2),
      ...y === void 0 ? {} : { y: bytesToBase64url(y) }
    },
    pem: writePem("PUBLIC KEY", spki),
    rawHex: bytesToHex(raw),
    spki
  };
}

// node_modules/.pnpm/@noble+curves@2.4.0/node_modules/@noble/curves/nist.js
var p256_CURVE = /* @__PURE__ */ (() => ({
  p: BigInt("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
  n: BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
  h: BigInt(1),
  a: BigInt("0xffffffff00000001000000000000000000000000fffffffffffffffffffffffc"),
  b: BigInt("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
  Gx: BigInt("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
  Gy: BigInt("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
}))();
var p256_Point = /* @__PURE__ */ weierstrass(p256_CURVE);
var p256 = /* @__PURE__ */ ecdsa(p256_Point, sha256);

// packages/cose/src/key/pem.ts
function decodePem(text2, label) {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const start = text2.indexOf(begin);
  const stop = text2.indexOf(end);
  if (start < 0 || stop < start || text2.indexOf(begin, start + 1) >= 0) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text2)?.[1];
    throw coseError(
      "ERR_KEY_FORMAT",
      `Expected one PEM block "${label}", found ${found === void 0 ? "none" : `"${found}"`}`
    );
  }
  const body = text2.slice(start + begin.length, stop).replace(/[\r\n\t ]/g, "");
  const unpadded = body.replace(/={1,2}$/, "").replace(/\+/g, "-").replace(/\//g, "_");
  try {
    return base64urlToBytes(unpadded);
  } catch {
    throw coseError("ERR_KEY_FORMAT", `The PEM block "${label}" is not Base64`);
  }
}

// packages/cose/src/key/parse-public-key.ts
function parsePublicKey(input, algorithms = [es256]) {
  if (typeof input === "string") {
    if (input.includes("-----BEGIN")) return fromSpki(decodePem(input, "PUBLIC KEY"), algorithms);
    const hex = input.trim();
    if (/^(?:[0-9a-f]{2})+$/i.test(hex)) return parsePublicKey(hexToBytes(hex), algorithms);
    throw coseError("ERR_KEY_FORMAT", "Expected PEM or hex text");
  }
  if (isBytes(input)) {
    const first = input[0];
    const isPoint = input.length === 65 && (first === 4 || first === 6 || first === 7) || input.length === 33 && (first === 2 || first === 3);
    if (isPoint) return fromPoint(input, algorithms);
    if (first === 48) return fromSpki(input, algorithms);
    return fromCoseKey(input, algorithms);
  }
  if (typeof input === "object" && input !== null) return fromJwk(input, algorithms);
  throw coseError("ERR_KEY_FORMAT", `Expected PEM, hex, bytes or a JWK, got ${typeof input}`);
}
function fromPoint(bytes, algorithms) {
  const algorithm = algorithms.find(({ coordinates }) => coordinates === 2);
  if (algorithm === void 0)
    throw coseError("ERR_KEY_CURVE", `Expected a key of ${curves(algorithms)}, got a point of P-256`);
  return publicKey(algorithm, bytes);
}
function fromSpki(der, algorithms) {
  const { algorithm, raw } = decodeSpki(der, algorithms);
  return publicKey(algorithm, raw);
}
function publicKey(algorithm, bytes) {
  const raw = algorithm.readKey(bytes);
  const kid2 = sha256(encodeSpki(algorithm, raw)).slice(0, 16);
  return { alg: algorithm.name, algorithm, kid: kid2, kidHex: bytesToHex(kid2), raw };
}
function fromCoordinates(algorithm, x2, y) {
  return publicKey(algorithm, algorithm.coordinates === 1 ? x2 : concatBytes(Uint8Array.of(4), x2, y()));
}
function fromJwk(jwk, algorithms) {
  if ("d" in jwk) throw coseError("ERR_KEY_FORMAT", "This JWK is a private key; pass the public one");
  const algorithm = algorithms.find(({ jwk: { kty, crv } }) => jwk.kty === kty && jwk.crv === crv);
  if (algorithm === void 0) {
    throw coseError(
      "ERR_KEY_CURVE",
      `Expected a JWK of ${curves(algorithms)}, got ${String(jwk.kty)} ${String(jwk.crv)}`
    );
  }
  return fromCoordinates(algorithm, coordinate(jwk.x, "x"), () => coordinate(jwk.y, "y"));
}
function coordinate(text2, name) {
  let bytes;
  try {
    bytes = typeof text2 === "string" ? base64urlToBytes(text2) : void 0;
  } catch {
    bytes = void 0;
  }
  if (bytes?.length !== 32)
    throw coseError("ERR_KEY_FORMAT", `JWK member "${name}" must be 32 bytes in base64url`);
  return bytes;
}
function fromCoseKey(bytes, algorithms) {
  let map;
  try {
    map = decodeCbor(bytes, { maxDepth: 1, maxItems: 32 });
  } catch {
    throw coseError("ERR_KEY_FORMAT", "Expected SubjectPublicKeyInfo, a P-256 point or a COSE_Key");
  }
  if (!(map instanceof Map)) throw coseError("ERR_KEY_FORMAT", "A COSE_Key is a map");
  if (map.has(COSE_KEY.d))
    throw coseError("ERR_KEY_FORMAT", "This COSE_Key is a private key; pass the public one");
  const alg = map.get(COSE_KEY.alg);
  const algorithm = algorithms.find(
    ({ coseKey: { kty, crv }, ids }) => map.get(COSE_KEY.kty) === kty && map.get(COSE_KEY.crv) === crv && (alg === void 0 || ids.includes(alg))
  );
  if (algorithm === void 0) {
    throw coseError(
      "ERR_KEY_CURVE",
      `Expected a COSE_Key of ${curves(algorithms)} with a matching algorithm; others need their algorithm passed in`
    );
  }
  const part2 = (label, name) => {
    const value = map.get(label);
    if (!isBytes(value) || value.length !== 32) {
      throw coseError("ERR_KEY_FORMAT", `COSE_Key member ${name} must be 32 bytes`);
    }
    return value;
  };
  return fromCoordinates(algorithm, part2(COSE_KEY.x, "x"), () => part2(COSE_KEY.y, "y"));
}
function curves(algorithms) {
  return algorithms.map(({ jwk }) => jwk.crv).join(" or ");
}

// packages/cose/src/signing/pkcs8.ts
var P256_ALGORITHM = "301306072a8648ce3d020106082a8648ce3d030107";
var ED25519_PREFIX = "302e020100300506032b657004220420";
function encodePkcs8(alg, secret, publicPoint) {
  if (alg === "Ed25519") return concatBytes(hexToBytes(ED25519_PREFIX), secret);
  return concatBytes(
    hexToBytes(`308187020100${P256_ALGORITHM}046d306b0201010420`),
    secret,
    hexToBytes("a144034200"),
    publicPoint
  );
}
function decodePkcs8(der) {
  const hex = bytesToHex(der);
  const ed255193 = new RegExp(`^${ED25519_PREFIX}([0-9a-f]{64})$`).exec(hex)?.[1];
  if (ed255193 !== void 0) return { alg: "Ed25519", secret: hexToBytes(ed255193) };
  const p2562 = new RegExp(
    `^30(?:41|8187)020100${P256_ALGORITHM}04(?:27|6d)30(?:25|6b)0201010420([0-9a-f]{64})(?:a144034200[0-9a-f]{130})?$`
  ).exec(hex)?.[1];
  if (p2562 !== void 0) return { alg: "ES256", secret: hexToBytes(p2562) };
  throw coseError(
    "ERR_KEY_FORMAT",
    "Expected a PKCS#8 private key of P-256 or Ed25519 (openssl pkcs8 -topk8 makes one)"
  );
}

// packages/cose/src/signing/local-signer.ts
function createLocalSigner(privateKey) {
  const { alg, secret } = readPrivateKey(privateKey);
  const key = publicKeyOf(alg, secret);
  return {
    alg,
    kid: key.kid,
    publicKey: () => Promise.resolve(key),
    sign: (toBeSigned) => Promise.resolve(
      alg === "ES256" ? p256.sign(toBeSigned, secret, { lowS: false }) : ed25519.sign(toBeSigned, secret)
    )
  };
}
function publicKeyOf(alg, secret) {
  let raw;
  try {
    raw = alg === "ES256" ? p256.getPublicKey(secret, false) : ed25519.getPublicKey(secret);
  } catch {
    throw coseError("ERR_KEY_POINT", "The private key is not a number in the range of its curve");
  }
  return parsePublicKey(encodeSpki(algorithmOf(alg), raw), ALL_ALGORITHMS);
}
function readPrivateKey(input) {
  if (typeof input === "string") return decodePkcs8(decodePem(input, "PRIVATE KEY"));
  const { d, ...publicJwk } = input;
  const { alg, kidHex } = parsePublicKey(publicJwk, ALL_ALGORITHMS);
  let secret;
  try {
    secret = base64urlToBytes(d);
  } catch {
    secret = void 0;
  }
  if (secret?.length !== 32)
    throw coseError("ERR_KEY_FORMAT", 'JWK member "d" must be 32 bytes in base64url');
  if (publicKeyOf(alg, secret).kidHex !== kidHex) {
    throw coseError("ERR_KEY_FORMAT", "The private and the public part of this JWK do not belong together");
  }
  return { alg, secret };
}

// packages/cose/src/signing/generate-key-pair.ts
function generateKeyPair(alg = "ES256") {
  const secret = alg === "ES256" ? p256.utils.randomSecretKey() : ed25519.utils.randomSecretKey();
  const publicKey2 = publicKeyOf(alg, secret);
  return {
    privateKeyPem: writePem("PRIVATE KEY", encodePkcs8(alg, secret, publicKey2.raw)),
    publicKey: publicKey2,
    publicKeyPem: exportPublicKey(publicKey2).pem
  };
}

// packages/cose/src/algorithm/verify-signature.ts
function verifySignature(key, message, signature) {
  return signature.length === 64 && key.algorithm.verify(key.raw, message, signature);
}

// packages/cose/src/sig-structure.ts
function sigStructure(context, ...strings2) {
  const text2 = utf8ToBytes(context);
  const parts = [Uint8Array.of(128 | strings2.length + 1, 96 | text2.length), text2];
  for (const bytes of strings2) parts.push(byteStringHead(bytes.length), bytes);
  return concatBytes(...parts);
}
function byteStringHead(length) {
  if (length < 24) return Uint8Array.of(64 | length);
  if (length < 256) return Uint8Array.of(88, length);
  if (length < 65536) return Uint8Array.of(89, length >> 8, length & 255);
  return Uint8Array.of(90, length >>> 24, length >> 16 & 255, length >> 8 & 255, length & 255);
}

// packages/cose/src/signing/sign-envelope.ts
var EMPTY = /* @__PURE__ */ new Uint8Array(0);
async function signSign1(payload, options2) {
  const { signer } = options2;
  const protectedBytes = encodeCbor(new Map([...bodyHeader(options2), ...signerHeader(signer)]));
  const signed = sigStructure("Signature1", protectedBytes, options2.externalAad ?? EMPTY, payload);
  const signature = await checkedSignature(signer, signed);
  const body = encodeCbor([protectedBytes, /* @__PURE__ */ new Map(), options2.detached === true ? null : payload, signature]);
  return concatBytes(Uint8Array.of(192 | TAG.sign1), body);
}
async function checkedSignature(signer, signed) {
  const signature = await signer.sign(signed);
  const key = await signer.publicKey();
  if (!verifySignature(key, signed, signature)) {
    throw new OtaError(
      "ERR_COSE_SIGNATURE",
      `The signer's answer does not verify with its public key ${key.kidHex}; nothing was signed`,
      {
        details: { kidHex: key.kidHex }
      }
    );
  }
  return signature;
}
function signerHeader(signer) {
  return [
    [HEADER.alg, algorithmOf(signer.alg).ids[0]],
    [HEADER.kid, signer.kid]
  ];
}
function bodyHeader({ type, claims, contentType }) {
  const header = [[HEADER.typ, type]];
  if (contentType !== void 0) header.push([HEADER.contentType, contentType]);
  const entries = [];
  if (claims?.issuer !== void 0) entries.push([CLAIM.iss, claims.issuer]);
  if (claims?.subject !== void 0) entries.push([CLAIM.sub, claims.subject]);
  if (entries.length > 0) header.push([HEADER.cwtClaims, new Map(entries)]);
  return header;
}

// packages/publisher/src/asset-rules.ts
var DENSITIES = {
  "0.75": "ldpi",
  "1": "mdpi",
  "1.5": "hdpi",
  "2": "xhdpi",
  "3": "xxhdpi",
  "4": "xxxhdpi"
};
var DRAWABLE_TYPES = ["gif", "jpeg", "jpg", "ktx", "png", "webp", "xml"];
var SINCE_0_84 = ["heic", "heif"];
function assetRulesOf(reactNativeVersion) {
  const minor = /^0\.([0-9]+)\.[0-9]+/.exec(reactNativeVersion)?.[1];
  if (minor === void 0)
    throw new RangeError(
      `reactNativeVersion: expected one such as 0.88.1, got ${JSON.stringify(reactNativeVersion)}`
    );
  return {
    drawableTypes: Number(minor) >= 84 ? [...DRAWABLE_TYPES, ...SINCE_0_84] : DRAWABLE_TYPES,
    version: reactNativeVersion
  };
}
function assetPathsOf({ httpServerLocation, name, scales, type }, platform2, { drawableTypes }) {
  const folder = httpServerLocation.replace(/^\//, "");
  if (platform2 === "ios") {
    return iosScales(scales).map(
      (scale) => `${folder.replaceAll("../", "_")}/${name}${scale === 1 ? "" : `@${scale}x`}.${type}`
    );
  }
  const id = `${folder}/${name}`.toLowerCase().replaceAll("/", "_").replace(/[^a-z0-9_]/g, "").replace(/^(?:assets|assetsunstable_path)_/, "");
  if (!drawableTypes.includes(type)) return [`raw/${id}.${type}`];
  return scales.map(
    (scale) => `drawable-${DENSITIES[String(scale)] ?? `${Math.round(scale * 160)}dpi`}/${id}.${type}`
  );
}
function iosScales(scales) {
  const kept = scales.filter((scale) => [1, 2, 3].includes(scale));
  if (kept.length > 0) return kept;
  return [scales.find((scale) => scale > 3) ?? scales[scales.length - 1] ?? 1];
}

// packages/publisher/src/bundle-kind.ts
var MAGIC = [198, 31, 188, 3, 193, 3, 25, 31];
function bundleKind(bytes) {
  if (!MAGIC.every((byte, i2) => bytes[i2] === byte)) return { kind: "javascript" };
  if (bytes.length < 128) return { kind: "damaged-hermes" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(32, true) === bytes.length ? { hbcVersion: view.getUint32(8, true), kind: "hermes" } : { kind: "damaged-hermes" };
}

// packages/publisher/src/error.ts
function publishError(code, message, options2 = {}) {
  return new OtaError(code, message, options2);
}

// packages/publisher/src/check-asset-layout.ts
var SHOWN = 5;
function checkAssetLayout(input) {
  const { assetPaths, launchPath, platform: platform2, reactNativeVersion, sources } = input;
  const rules = assetRulesOf(reactNativeVersion);
  const problems = [];
  if (launchPath.includes("/"))
    problems.push(
      `${launchPath}: the launch file must be at the top of the release, because assets are looked for beside it`
    );
  for (const path2 of assetPaths) {
    const problem2 = platform2 === "android" ? androidProblem(path2, rules) : iosProblem(path2);
    if (problem2 !== void 0) problems.push(`${path2}: ${problem2}`);
  }
  if (platform2 === "android") problems.push(...sameIds(assetPaths));
  if (sources !== void 0) problems.push(...againstSources(sources, assetPaths, platform2, rules));
  if (problems.length === 0) return;
  const more = problems.length > SHOWN ? `
\u2026 and ${problems.length - SHOWN} more` : "";
  throw publishError(
    "ERR_PUBLISH_ASSET_LAYOUT",
    `React Native ${reactNativeVersion} on ${platform2} would not find these files:
${problems.slice(0, SHOWN).join("\n")}${more}`,
    { details: { problems } }
  );
}
function androidProblem(path2, { drawableTypes, version }) {
  if (path2 === "raw/keep.xml") return "is for Gradle only; leave it out";
  const parts = /^(raw|drawable(?:-([^/]+))?)\/([^/]*?)(?:\.([^./]+))?$/.exec(path2);
  if (parts === null)
    return path2.startsWith("assets/") ? "is where iOS looks; bundle with --platform android" : "is in no folder that is looked into (drawable-<density>/, raw/)";
  const [, folder, density, id = "", type] = parts;
  if (type === void 0) return "has no extension, so no asset has this name";
  if (!/^[a-z0-9_]+$/.test(id))
    return `is no resource id; only a-z, 0-9 and _ are (bundlers make ${idOf(id) || "another name"} of it)`;
  const isDrawable = drawableTypes.includes(type);
  if (folder === "raw")
    return isDrawable ? `.${type} is looked for in drawable-<density>/ by React Native ${version}; the bundler that wrote it has other rules` : void 0;
  if (!isDrawable)
    return `.${type} is no drawable for React Native ${version}, it is looked for in raw/; the bundler that wrote it has other rules`;
  if (density === void 0) return "a drawable needs a density (drawable-mdpi for scale 1)";
  if (Object.values(DENSITIES).includes(density)) return void 0;
  return /^[0-9]+dpi$/.test(density) ? `an odd scale; Android's resource tools do not take ${density}. Name the source @1x, @1.5x, @2x, @3x or @4x` : `${density} is no density (${Object.values(DENSITIES).join(", ")})`;
}
function iosProblem(path2) {
  if (/^(raw|drawable)(-[^/]+)?\//.test(path2)) return "is where Android looks; bundle with --platform ios";
  const parts = /^assets\/(?:.*\/)?([^/]*?)(?:@([0-9.]+)x)?\.([^./]+)$/.exec(path2);
  if (parts === null)
    return path2.startsWith("assets/") ? "has no extension, so no asset has this name" : "is in no folder that is looked into (assets/)";
  const scale = parts[2];
  if (scale === void 0 || ["1", "2", "3"].includes(scale)) {
    return scale === "1" ? "scale 1 has no @1x in its name, and is not looked for under it" : void 0;
  }
  return `an odd scale; iOS has 1, 2 and 3. Name the source without suffix, @2x or @3x`;
}
function idOf(name) {
  return name.toLowerCase().replace(/[^a-z0-9_]/g, "");
}
function sameIds(paths) {
  const first = /* @__PURE__ */ new Map();
  const problems = [];
  for (const path2 of paths) {
    const id = path2.replace(/\.[^./]+$/, "");
    const other = first.get(id);
    if (other === void 0) first.set(id, path2);
    else problems.push(`${path2}: has the resource id of ${other}; rename one of the sources`);
  }
  return problems;
}
function againstSources(sources, paths, platform2, rules) {
  const problems = [];
  const there = new Set(paths);
  const owners = /* @__PURE__ */ new Map();
  for (const source of sources) {
    const name = `${source.httpServerLocation}/${source.name}.${source.type}`;
    for (const path2 of assetPathsOf(source, platform2, rules)) {
      const owner = owners.get(path2);
      if (owner !== void 0 && owner !== name)
        problems.push(
          `${path2}: is made from ${owner} and from ${name}, and only one of them is left; rename one`
        );
      owners.set(path2, name);
      if (!there.has(path2)) problems.push(`${path2}: is missing; ${name} is looked for there`);
    }
  }
  return problems;
}

// packages/delta/src/hermes/bytecode-layout.ts
var COMMON = [
  "fileLength",
  "globalCodeIndex",
  "functionCount",
  "stringKindCount",
  "identifierCount",
  "stringCount",
  "overflowStringCount",
  "stringStorageSize",
  "bigIntCount",
  "bigIntStorageSize",
  "regExpCount",
  "regExpStorageSize"
];
var HEADER_96 = [
  ...COMMON,
  "arrayBufferSize",
  "objKeyBufferSize",
  "objValueBufferSize",
  "segmentID",
  "cjsModuleCount",
  "functionSourceCount",
  "debugInfoOffset"
];
var HEADER_98 = [
  ...COMMON,
  "literalValueBufferSize",
  "objKeyBufferSize",
  "objShapeTableCount",
  "numStringSwitchImms",
  "segmentID",
  "cjsModuleCount",
  "functionSourceCount",
  "debugInfoOffset"
];
var HAS_EXCEPTIONS = 8;
var HAS_DEBUG_INFO = 16;
var IS_LARGE = 32;
var LAYOUT_96 = {
  debugWords: 3,
  functionHeader: [
    ["offset", 25, 4],
    ["paramCount", 7, 4],
    ["size", 15, 4],
    ["functionName", 17, 4],
    ["infoOffset", 25, 4],
    ["frameSize", 7, 4],
    ["environmentSize", 8, 4],
    ["highestReadCache", 8, 1],
    ["highestWriteCache", 8, 1],
    ["flags", 8, 1]
  ],
  hasShapes: false,
  header: HEADER_96,
  id: 96,
  largeSize: 31,
  literalSizes: [0, 0, 0, 8, 4, 2, 1, 4],
  smallSize: 16
};
function layout98(id, largeSize, caches) {
  return {
    debugWords: 1,
    functionHeader: [
      ["offset", 25, 4],
      ["paramCount", 5, 4],
      ["loopDepth", 2, 4],
      ["size", 14, 4],
      ["functionName", 8, 4],
      ["numberRegCount", 5, 4],
      ["nonPtrRegCount", 5, 4],
      ["frameSize", 8, 4],
      ["readCacheSize", 8, 1],
      ...caches,
      ["privateNameCacheSize", 1, 1],
      ["flags", 8, 1]
    ],
    hasShapes: true,
    header: HEADER_98,
    id,
    largeSize,
    literalSizes: [0, 0, 0, 8, 4, 2, 0, 4],
    smallSize: 12
  };
}
var LAYOUTS = /* @__PURE__ */ (() => [
  LAYOUT_96,
  { ...LAYOUT_96, debugWords: 2, id: 89 },
  layout98(98, 37, [
    ["writeCacheSize", 6, 1],
    ["numCacheNewObject", 1, 1]
  ]),
  layout98(99, 36, [["writeCacheSize", 7, 1]])
])();
function layoutById(id) {
  return LAYOUTS.find((layout) => layout.id === id);
}

// packages/delta/src/error.ts
function deltaError(code, message, details = {}) {
  return new OtaError(code, message, { details });
}
function mustHold(holds, where) {
  if (!holds) throw deltaError("ERR_DELTA_CORRUPT", `The patch is damaged: ${where}`);
}

// packages/delta/src/hermes/bits.ts
function readU16(bytes, at) {
  return bytes[at] | bytes[at + 1] << 8;
}
function readI32(bytes, at) {
  return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
}
function readU32(bytes, at) {
  return readI32(bytes, at) >>> 0;
}
function writeU16(bytes, at, value) {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}
function writeU32(bytes, at, value) {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
function align4(at) {
  return Math.ceil(at / 4) * 4;
}
function mix(a, b) {
  let h = Math.imul(a, 739982445) + b | 0;
  h = Math.imul(h ^ h >>> 15, 695872825);
  return h ^ h >>> 13;
}
function mix3(a, b, c) {
  return mix(mix(a, b), c);
}
function mix4(a, b, c, d) {
  return mix(mix(mix(a, b), c), d);
}
function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let i2 = 0; i2 < a.length; i2++) if (a[i2] !== b[i2]) return false;
  return true;
}

// packages/delta/src/hermes/parse-hermes.ts
var HEADER_SIZE = 128;
var FOOTER_SIZE = 20;
var HEADER_WORDS_AT = 32;
function hermesVersion(bytes) {
  if (bytes.length < HEADER_SIZE + FOOTER_SIZE) return void 0;
  return readU32(bytes, 0) === 62660550 && readU32(bytes, 4) === 521733057 ? readU32(bytes, 8) : void 0;
}
function sectionsOf({
  hasShapes,
  smallSize
}) {
  return [
    ["functionHeaders", "functionCount", smallSize],
    ["stringKinds", "stringKindCount", 4],
    ["identifierHashes", "identifierCount", 4],
    ["stringTable", "stringCount", 4],
    ["overflowStrings", "overflowStringCount", 8],
    ["stringStorage", "stringStorageSize", 1],
    ["literalValues", hasShapes ? "literalValueBufferSize" : "arrayBufferSize", 1],
    ["objectKeys", "objKeyBufferSize", 1],
    hasShapes ? ["shapes", "objShapeTableCount", 8] : ["objectValues", "objValueBufferSize", 1],
    ["bigIntTable", "bigIntCount", 8],
    ["bigIntStorage", "bigIntStorageSize", 1],
    ["regExpTable", "regExpCount", 8],
    ["regExpStorage", "regExpStorageSize", 1],
    ["cjsModules", "cjsModuleCount", 8],
    ["functionSources", "functionSourceCount", 8]
  ];
}
function sectionBytes({ bytes, sections }, name) {
  const section = sections[name];
  return section === void 0 ? new Uint8Array(0) : bytes.subarray(section.offset, section.offset + section.size);
}
function debugSection({ bytes, header }) {
  return bytes.subarray(header.debugInfoOffset, Math.max(header.debugInfoOffset, bytes.length - FOOTER_SIZE));
}
function parseHermes(bytes, layout) {
  const version = hermesVersion(bytes);
  const known = layout ?? (version === void 0 ? void 0 : layoutById(version));
  if (version === void 0 || known === void 0) {
    throw deltaError("ERR_DELTA_FORMAT", `Not Hermes bytecode of a known version: ${version ?? "no magic"}`);
  }
  const header = {};
  known.header.forEach((name, i2) => {
    header[name] = readU32(bytes, HEADER_WORDS_AT + 4 * i2);
  });
  const end = bytes.length - FOOTER_SIZE;
  const sections = {};
  let at = HEADER_SIZE;
  for (const [name, word, entryBytes] of sectionsOf(known)) {
    const size = (header[word] ?? 0) * entryBytes;
    at = align4(at);
    sections[name] = { offset: at, size };
    at += size;
    if (at > end) throw outside(name);
  }
  if (header.fileLength !== bytes.length || header.debugInfoOffset > end)
    throw outside("debug info");
  const file = { bytes, header, layout: known, sections };
  return {
    ...file,
    bodies: at,
    functions: readFunctions(file, end),
    options: bytes[HEADER_WORDS_AT + 4 * known.header.length],
    strings: readStrings(file),
    version
  };
}
function outside(what) {
  return deltaError("ERR_DELTA_FORMAT", `The bytecode file is damaged: ${what} lies outside`);
}
function readFunctions({ bytes, header, layout, sections }, end) {
  const count2 = header.functionCount;
  const info = new Uint32Array(count2);
  const fields = {};
  let bit = 8 * sections.functionHeaders.offset;
  for (const [name, width] of layout.functionHeader) {
    const column = new Uint32Array(count2);
    const mask = 2 ** width - 1;
    for (let i2 = 0, at = bit >>> 3; i2 < count2; i2++, at += layout.smallSize)
      column[i2] = readI32(bytes, at) >>> (bit & 7) & mask;
    fields[name] = column;
    bit += width;
  }
  const { flags: flags2, functionName, infoOffset, offset, size } = fields;
  for (let i2 = 0; i2 < count2; i2++) {
    if ((flags2[i2] & IS_LARGE) !== 0) {
      let at = layout.hasShapes ? (functionName[i2] << 24 | offset[i2] & 16777215) >>> 0 : (infoOffset[i2] << 16 | offset[i2] & 65535) >>> 0;
      info[i2] = at;
      if (at + layout.largeSize > end) throw outside("a function header");
      for (const [name, , width] of layout.functionHeader) {
        fields[name][i2] = width === 4 ? readU32(bytes, at) : bytes[at];
        at += width;
      }
      flags2[i2] |= IS_LARGE;
    } else if (!layout.hasShapes) {
      info[i2] = infoOffset[i2];
    }
    if (offset[i2] + size[i2] > end) throw outside("a function body");
  }
  return { count: count2, fields, info };
}
function readStrings({ bytes, header, sections }) {
  const count2 = header.stringCount;
  const kind = new Uint8Array(count2);
  let filled = 0;
  for (let i2 = 0; i2 < header.stringKindCount; i2++) {
    const entry = readU32(bytes, sections.stringKinds.offset + 4 * i2);
    const length2 = entry & 2147483647;
    if (length2 > count2 - filled) throw outside("a string kind");
    kind.fill(entry >>> 31, filled, filled + length2);
    filled += length2;
  }
  const offset = new Uint32Array(count2);
  const length = new Uint32Array(count2);
  const wide = new Uint8Array(count2);
  const table = sections.stringTable.offset;
  const overflow = sections.overflowStrings;
  const storage = sections.stringStorage.size;
  for (let i2 = 0; i2 < count2; i2++) {
    const entry = readU32(bytes, table + 4 * i2);
    wide[i2] = entry & 1;
    let start = entry >>> 1 & 8388607;
    let characters = entry >>> 24;
    if (characters === 255) {
      if (8 * start + 8 > overflow.size) throw outside("an overflow string");
      const place = overflow.offset + 8 * start;
      start = readU32(bytes, place);
      characters = readU32(bytes, place + 4);
    }
    if (start + characters * (1 + wide[i2]) > storage) throw outside("a string");
    offset[i2] = start;
    length[i2] = characters;
  }
  return { count: count2, kind, length, offset, wide };
}

// packages/delta/src/hermes/inspect-bytecode.ts
function inspectBytecode(bytes) {
  const version = hermesVersion(bytes);
  if (version === void 0) return void 0;
  if (layoutById(version) === void 0) return { known: false, version };
  const { functions, header, options: options2, strings: strings2 } = parseHermes(bytes);
  const nameLengths = Array.from(functions.fields.functionName, (id) => strings2.length[id] ?? 0);
  const marked = functions.fields.flags.some((flags2) => (flags2 & HAS_DEBUG_INFO) !== 0);
  return {
    functionCount: functions.count,
    hasDebugInfo: marked && header.debugInfoOffset < bytes.length - FOOTER_SIZE,
    known: true,
    options: options2,
    namedFunctionCount: nameLengths.filter((length) => length > 0).length,
    shortFunctionNameCount: nameLengths.filter((length) => length === 1 || length === 2).length,
    stringCount: header.stringCount,
    version
  };
}

// packages/delta/src/hermes/operands.ts
var WIDTHS = /* @__PURE__ */ new Map(
  /* @__PURE__ */ ["", "rbjscm", "hSfpvkog", "", "RwiJTFPVKOGxtq", "", "", "", "d"].flatMap(
    (letters, width) => Array.from(letters, (letter) => [letter, width])
  )
);
function operandWidth(letter) {
  const width = WIDTHS.get(letter);
  mustHold(width !== void 0, "opcodes");
  return width;
}
function readOperand(bytes, at, letter) {
  const width = WIDTHS.get(letter);
  if (width === 1) return letter === "j" ? bytes[at] << 24 >> 24 : bytes[at];
  if (width === 2) return readU16(bytes, at);
  return letter === "i" || letter === "J" ? readI32(bytes, at) : readU32(bytes, at);
}
function writeOperand(bytes, at, letter, value) {
  const width = WIDTHS.get(letter);
  if (width === 1) bytes[at] = value;
  else if (width === 2) writeU16(bytes, at, value);
  else writeU32(bytes, at, value);
}
function operandFits(letter, value) {
  return value < 2 ** (8 * operandWidth(letter));
}

// packages/delta/src/hermes/function-code.ts
function readFunctionInfo({ bytes, functions, layout }, index) {
  const flags2 = functions.fields.flags[index];
  const exceptions = [];
  const debug = [];
  let at = functions.info[index];
  const words2 = (count2) => Array.from({ length: count2 }, () => readU32(bytes, (at += 4) - 4));
  if (at > 0) {
    if (layout.hasShapes || (flags2 & IS_LARGE) !== 0) at += layout.largeSize;
    at = align4(at);
    if ((flags2 & HAS_EXCEPTIONS) !== 0) {
      const [count2] = words2(1);
      if (at + 12 * count2 > bytes.length) throw malformed(index);
      for (let i2 = 0; i2 < count2; i2++) exceptions.push(words2(3));
    }
    if ((flags2 & HAS_DEBUG_INFO) !== 0) debug.push(...words2(layout.debugWords));
  }
  return { debug, exceptions };
}
function readInstruction(table, bytes, at) {
  const op = bytes[at];
  const letters = table.operands[op];
  const kinds = table.kinds[op];
  const offsets = table.offsets[op];
  const instruction = { op, target: -1, values: [] };
  for (let i2 = 0; i2 < kinds.length; i2++) {
    const place = at + offsets[i2];
    if (kinds[i2] === "d") instruction.double = bytes.subarray(place, place + 8);
    instruction.values.push("djt".includes(kinds[i2]) ? 0 : readOperand(bytes, place, letters[i2]));
  }
  return instruction;
}
function takeApart(file, table, index, read2, key) {
  const { bytes, functions } = file;
  const start = functions.fields.offset[index];
  const end = start + functions.fields.size[index];
  const numbers = /* @__PURE__ */ new Map();
  const places = [];
  for (let at = start; at < end; ) {
    numbers.set(at, places.length);
    places.push(at);
    const size = table.size[bytes[at]];
    at += size;
    if (size === 0 || at > end) throw malformed(index);
  }
  numbers.set(end, places.length);
  const numberOf = (at) => {
    const number2 = numbers.get(at);
    if (number2 === void 0) throw malformed(index);
    return number2;
  };
  const switches = [];
  const instructions = places.map((at, i2) => {
    const op = bytes[at];
    const kinds = table.kinds[op];
    const operand = (n) => readOperand(bytes, at + table.offsets[op][n], table.operands[op][n]);
    const instruction = read2(at);
    const jump = kinds.indexOf("j");
    if (jump >= 0) instruction.target = numberOf(at + operand(jump));
    const tableOperand = kinds.indexOf("t");
    if (tableOperand >= 0) {
      const keyed = kinds.includes("q");
      const count2 = switchSize(keyed, operand);
      const size = keyed ? 8 : 4;
      let place = align4(at + operand(tableOperand));
      if (!(place + size * count2 <= bytes.length)) throw malformed(index);
      const entry = { at: i2, keyed, keys: [], targets: [] };
      for (let k = 0; k < count2; k++, place += size) {
        if (keyed) entry.keys.push(key(readU32(bytes, place)));
        entry.targets.push(numberOf(at + readI32(bytes, place + size - 4)));
      }
      switches.push(entry);
    }
    return instruction;
  });
  const exceptions = readFunctionInfo(file, index).exceptions.map(
    (entry) => entry.map((offset) => numberOf(start + offset))
  );
  return { exceptions, instructions, switches };
}
function malformed(index) {
  return deltaError("ERR_DELTA_FORMAT", `The bytecode of function ${index} is damaged`);
}
function switchSize(keyed, operand) {
  return keyed ? operand(4) : operand(4) - operand(3) + 1;
}
function assemble(table, { exceptions, instructions, switches }) {
  let length = 0;
  const places = instructions.map(({ op }) => (length += table.size[op]) - table.size[op]);
  places.push(length);
  const starts = [];
  let size = 0;
  for (const keyed of [false, true]) {
    for (const entry of switches) {
      if (entry.keyed !== keyed) continue;
      starts[entry.at] = size;
      size += (keyed ? 8 : 4) * entry.targets.length;
    }
  }
  const code = new Uint8Array(length);
  const tables = new Uint8Array(size);
  const stringSwitches = [];
  instructions.forEach(({ double: double2, op, target: target2, values }, i2) => {
    const at = places[i2];
    code[at] = op;
    const kinds = table.kinds[op];
    for (let a = 0; a < kinds.length; a++) {
      const kind = kinds[a];
      const place = at + table.offsets[op][a];
      if (kind === "d") {
        code.set(double2, place);
        continue;
      }
      let value = values[a];
      if (kind === "j") value = places[target2] - at;
      else if (kind === "t") value = i2 in starts ? length - at + starts[i2] : 0;
      else if (kind === "q") stringSwitches.push(place);
      writeOperand(code, place, table.operands[op][a], value);
    }
  });
  for (const { at, keys, targets } of switches) {
    let place = starts[at];
    targets.forEach((target2, i2) => {
      if (i2 in keys) {
        writeU32(tables, place, keys[i2]);
        place += 4;
      }
      writeU32(tables, place, places[target2] - places[at]);
      place += 4;
    });
  }
  return {
    code,
    exceptions: exceptions.map((entry) => entry.map((number2) => places[number2])),
    stringSwitches,
    tables
  };
}

// packages/delta/src/hermes/function-bodies.ts
function functionBodies({ functions }) {
  const { offset, size } = functions.fields;
  const seen = /* @__PURE__ */ new Set();
  const bodies = [];
  for (let index = 0; index < functions.count; index++) {
    const key = bodyKey(offset[index], size[index]);
    if (seen.has(key)) continue;
    seen.add(key);
    bodies.push({ end: offset[index] + size[index], index, start: offset[index] });
  }
  return bodies;
}
function bodyKey(offset, size) {
  return offset * 2097152 + size;
}

// packages/delta/src/hermes/literals.ts
var [LONG_STRING, SHORT_STRING, BYTE_STRING, INTEGER] = [4, 5, 6, 7];
function walkLiteral({ literalSizes }, buffer, offset, items, visit) {
  let at = offset;
  let done = 0;
  while (done < items && at < buffer.length) {
    const tag = buffer[at++];
    const type = tag >> 4 & 7;
    let length = tag & 15;
    if ((tag & 128) !== 0) length = length << 8 | (buffer[at++] ?? 0);
    if (length === 0) break;
    const size = literalSizes[type];
    for (let i2 = 0; i2 < length && done < items; i2++, done++) {
      if (visit !== void 0 && at + size <= buffer.length) visit(type, at);
      at += size;
    }
  }
  return Math.min(at, buffer.length);
}
function findLiteralUses(file, table) {
  const uses = { k: [], o: [], v: [] };
  const seen = /* @__PURE__ */ new Set();
  const shapes = sectionBytes(file, "shapes");
  const add2 = (kind, offset, items, moduleIds) => {
    const key = (offset * 65536 + (items & 65535)) * 4 + (kind === "v" ? 0 : kind === "k" ? 1 : 2);
    if (seen.has(key)) return;
    seen.add(key);
    uses[kind].push([offset, items, moduleIds]);
  };
  const isLiteral = [];
  for (let op = 0; op < table.count; op++) if (/[vVkKoOpP]/.test(table.operands[op])) isLiteral[op] = 1;
  const { bytes } = file;
  for (const { start, end, index } of functionBodies(file)) {
    for (let at = start; at < end; ) {
      const op = bytes[at];
      const size = table.size[op];
      if (size === 0) break;
      if (isLiteral[op] === 1) {
        const letters = table.operands[op];
        let shape = -1;
        let value = -1;
        let key = -1;
        let object = -1;
        for (let i2 = 0; i2 < letters.length; i2++) {
          const letter = letters.charAt(i2).toLowerCase();
          const operand = readOperand(bytes, at + table.offsets[op][i2], letters.charAt(i2));
          if (letter === "p") shape = operand;
          else if (letter === "v") value = operand;
          else if (letter === "k") key = operand;
          else if (letter === "o") object = operand;
        }
        if (shape >= 0) {
          if (8 * shape + 8 <= shapes.length) {
            const items = readI32(shapes, 8 * shape + 4);
            add2("k", readI32(shapes, 8 * shape), items, false);
            if (value >= 0) add2("v", value, items, false);
          }
        } else {
          const items = readOperand(bytes, at + table.offsets[op][2], letters.charAt(2));
          if (object >= 0) {
            add2("k", key, items, false);
            add2("o", object, items, false);
          } else if (value >= 0) {
            add2("v", value, items, index === file.header.globalCodeIndex);
          }
        }
      }
      at += size;
    }
  }
  return uses;
}
function remapLiterals(layout, buffer, uses, newStringIds, newModuleIds) {
  const out = buffer.slice();
  const map = (ids, id) => id >= 0 && id < ids.length && ids[id] >= 0 ? ids[id] : id;
  for (const [offset, items, moduleIds] of uses) {
    walkLiteral(layout, buffer, offset, items, (type, at) => {
      if (type === SHORT_STRING) writeU16(out, at, map(newStringIds, readU16(buffer, at)));
      else if (type === LONG_STRING) writeU32(out, at, map(newStringIds, readI32(buffer, at)));
      else if (type === BYTE_STRING && layout.literalSizes[type] === 1)
        out[at] = map(newStringIds, buffer[at]);
      else if (type === INTEGER && moduleIds) writeU32(out, at, map(newModuleIds, readI32(buffer, at)));
    });
  }
  return out;
}

// packages/delta/src/hermes/opcode-table.ts
function operandKind(letter) {
  return letter === "T" ? "s" : letter === "R" ? letter : letter.toLowerCase();
}
var MAPPED_KINDS = "sfvkopx";
function parseOpcodeTable(text2) {
  const [entryText, familyText] = text2.split("|");
  const entries = entryText.split(" ");
  const count2 = entries.length;
  mustHold(count2 <= 256, "opcodes");
  const size = new Uint8Array(256);
  const writesFirst = new Uint8Array(256);
  const isTry = new Uint8Array(256);
  const loadsInteger = new Uint8Array(256);
  const family2 = new Uint8Array(256);
  const stringOperand = new Int8Array(256).fill(-1);
  const operands = Array.from({ length: 256 }, () => "");
  const kinds = operands.slice();
  const offsets = [];
  const references = [];
  const families = [];
  entries.forEach((entry, op) => {
    const traits = Number.parseInt(entry[0], 16);
    const letters = Array.from(entry).slice(1);
    mustHold(traits >= 0 && letters.length <= 8, "opcodes");
    let at = 1;
    const kind = letters.map(operandKind);
    offsets[op] = letters.map((letter) => (at += operandWidth(letter)) - operandWidth(letter));
    references[op] = letters.map((_, i2) => i2).filter((i2) => MAPPED_KINDS.includes(kind[i2]));
    size[op] = at;
    writesFirst[op] = traits & 1;
    isTry[op] = traits >> 1 & 1;
    loadsInteger[op] = traits >> 2;
    family2[op] = op;
    stringOperand[op] = kind.indexOf("s");
    operands[op] = entry.slice(1);
    kinds[op] = kind.join("");
    families[op] = [op];
  });
  for (const group of familyText ? familyText.split(" ") : []) {
    const members = group.split(".").map(Number);
    for (const op of members) {
      mustHold(op >= 0 && op < count2 && operands[op].length === operands[members[0]].length, "opcodes");
      family2[op] = members[0];
      families[op] = members;
    }
  }
  return {
    count: count2,
    families,
    family: family2,
    isTry,
    kinds,
    loadsInteger,
    offsets,
    operands,
    references,
    size,
    stringOperand,
    writesFirst
  };
}

// packages/delta/src/hermes/opcodes.ts
var OPCODE_TABLES = {
  89: "1 1rhhko 1rhhKO 1r 1rr 1rhhv 1rhhV 1rh 1rr 1RR 1rr 1rr 1rr 1rr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rr 1rr 1rrr 1rrr 1rb 0rbr 0rhr 0rbr 0rhr 1rrb 1rrh 1r 1r 1r 0T 1rrcs 1rrcS 1rrcT 3rrcS 3rrcT 0rrmS 0rrmT 2rrmS 2rrmT 0rrs 0rrS 0rrT 0rrS 0rrT 0rrb 0rrw 0rrrb 0rrS 0rrT 1rrr 0rrr 0rrr 0rrrrb 1rrrr 1rrrrr 1rrb 1rrb 1rrr 1rbf 1rrrr 1rrrrr 1rrrrrr 1rrw 1rrw 1rbF 1rbb 1rbw 1rb 0r 1r 1rrb 0r 0rr 1 1 1h 1rrf 1rrF 1rrf 1rrF 1rrf 1rrF 1rrr 1rrr 1rb 1rw 5rb 5ri 1rd 1rg 1rG 1rS 1rT 1r 1r 1r 1r 1r 9r 1rr 1r 1rr 1rr 1rr 1rr 1rrr 1rr 1r 1rTTx 0rtJww 1 1rr 1 1rrf 1rrF 1rr 1rrr 1rb 0j 0J 0jr 0Jr 0jr 0Jr 0jr 0Jr 1j 1J 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr|1.2 5.6 52.53.54 55.56 57.58 59.60 61.62.63 64.65 69.70 80.86 98.99 100.101 102.103 113.114 135.136",
  96: "1 1rhhko 1rhhKO 1r 1rr 1rhhv 1rhhV 1rh 1rr 1RR 1rr 1rr 1rr 1rr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rr 1rr 1rrr 1rrr 1rb 0rbr 0rhr 0rbr 0rhr 1rrb 1rrh 1r 1r 1r 1rrw 0T 0T 1rrcs 1rrcS 1rrcT 3rrcS 3rrcT 0rrmS 0rrmT 2rrmS 2rrmT 0rrs 0rrS 0rrT 0rrS 0rrT 0rrb 0rrw 0rrrb 0rrS 0rrT 1rrr 0rrr 0rrr 0rrrrb 1rrrr 1rrrrr 1rrb 1rrb 1rrr 1rbf 1rrrr 1rrrrr 1rrrrrr 1rrw 1rrw 1rbF 1rbb 1rbw 1rb 0r 1r 1rrb 0r 0rr 1 1 1h 1rrf 1rrF 1rrf 1rrF 1rrf 1rrF 1rrr 1rrr 1rb 1rw 5rb 5ri 1rd 1rg 1rG 1rS 1rT 1r 1r 1r 1r 1r 9r 1rr 1r 1rr 1rr 1rr 1rr 1rrr 1rr 1r 1rTTx 0rtJww 1 1rr 1 1rrf 1rrF 1rr 1rrr 1rb 0j 0J 0jr 0Jr 0jr 0Jr 0jr 0Jr 1j 1J 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr|1.2 5.6 54.55.56 57.58 59.60 61.62 63.64.65 66.67 71.72 82.88 100.101 102.103 104.105 115.116 137.138",
  98: "1 1rpv 1rPV 1rrPV 1r 1rr 1rhhv 1rhhV 1rh 1rh 1rr 1rrr 1rrr 1rr 1rr 1rrPb 1rr 1RR 1rr 1rr 1rr 1rr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rr 1rr 1rrr 1rrr 1rrrr 1rrh 1rb 1rrb 1rr 0rbr 0rhr 0rbr 0rhr 1rrb 1rrh 1r 1r 1rr 1rb 1rw 1rrw 0T 1rrcs 1rrcS 1rrcT 1rrcrT 3rrcS 3rrcT 0rrmS 0rrmS 0rrmT 0rrmT 2rrmS 2rrmS 2rrmT 2rrmT 0rrb 0rrw 1rrb 1rrw 0rrmS 0rrmT 0rrb 0rrw 0rrb 0rrh 0rrrb 1rrr 1rrb 1rrrr 0rrr 0rrr 0rrrrb 0rrrb 0rrr 1rrbr 0rrbr 0rrrrb 1rrrr 1rrrrr 1rrb 1rrb 1rrr 1rrrb 1rrrr 1rrrrr 1rrrrrr 1rrrr 1rrw 1rbb 1rbw 1rb 0r 1r 1rrb 0r 0rr 0rr 0r 1 1 1h 1rrrf 1rrrF 1rrrrf 1rrrrF 1rrf 1rrF 1rrb 1rrrb 1rrr 1rb 1rw 5rb 5ri 1rd 1rg 1rG 1rS 1rT 1r 1r 1r 1r 1r 9r 1rr 1r 1rr 1rr 1rr 1rr 1rT 1rrr 1rrr 1rr 1r 1r 1rr 1rTTx 0rtJww 0rqtJw 1rrf 1rrF 1rr 1rrr 1rb 1rr 0j 0J 0jr 0Jr 0jr 0Jr 0jr 0Jr 0Jrh 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jbr 0Jbr 0jbr 0Jbr|1.2 6.7 68.69.70 72.73 74.76 75.77 78.80 79.81 86.87 128.129 130.131 132.133 144.145 168.169",
  99: "1 1rpv 1rPV 1rrPV 1rrPVb 1r 1rr 1rhhv 1rhhV 1rh 1rh 1rr 1rrr 1rrr 1rr 1rr 1rr 1RR 1rr 1rr 1rr 1rr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rrr 1rr 1rr 1rrr 1rrr 1rrrr 1rrh 1rb 1rrb 1rr 0rbr 0rhr 0rbr 0rhr 1rrb 1rrh 1r 1r 1rr 1rb 1rw 1rrw 0T 1rrcs 1rrcS 1rrcT 1rrcrT 3rrcS 3rrcT 0rrmS 0rrmS 0rrmT 0rrmT 2rrmS 2rrmS 2rrmT 2rrmT 0rrb 0rrw 1rrb 1rrw 0rrmS 0rrmT 0rrb 0rrw 0rrb 0rrh 0rrrb 1rrr 1rrb 1rrrr 0rrr 0rrr 0rrrrb 0rrrb 0rrr 1rrbr 0rrbr 0rrrrb 1rrrr 1rrrrr 1rrb 1rrb 1rrr 1rrrb 1rrrr 1rrrrr 1rrrrrr 1rrrr 1rrw 1rbb 1rbw 1rb 0r 1r 1rrb 0r 0rr 0rr 0r 1 1 1h 1rrrf 1rrrF 1rrrrf 1rrrrF 1rrf 1rrF 1rrb 1rrrb 1rrr 1rb 1rw 5rb 5ri 1rd 1rg 1rG 1rS 1rT 1r 1r 1r 1r 1r 9r 1rr 1r 1rr 1rr 1rr 1rr 1rr 1rT 1rrr 1rrr 1rr 1r 1r 1rr 1rTTx 0rtJww 0rqtJw 1rrf 1rrF 1rr 1rrr 1rb 1rr 0j 0J 0jr 0Jr 0jr 0Jr 0jr 0Jr 0Jrh 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jrr 0Jrr 0jbr 0Jbr 0jbr 0Jbr|1.2 7.8 68.69.70 72.73 74.76 75.77 78.80 79.81 86.87 128.129 130.131 132.133 144.145 169.170"
};

// packages/delta/src/hermes/contexts.ts
var copyCount = 16;
var copyFull = 24;
var copyGap = 40;
var copyLength = 48;
var copySeek = 56;
var copyTotal = 64;
var sequenceJump = 72;
var sequenceMore = 80;
var sequenceNew = 88;
var sequenceNewCount = 96;
var sequenceRun = 104;
var stringKind = 113;
var stringWide = 116;
var stringAdjacent = 117;
var stringOffset = 118;
var stringLength = 119;
var literalVerbatim = 122;
var shapeOffset = 126;
var shapeKeys = 127;
var overrideCount = 128;
var overrideFrom = 132;
var overrideTo = 136;
var regExpLength = 145;
var regExpAdjacent = 146;
var regExpOffset = 147;
var sourceFunction = 149;
var sourceString = 150;
var sourceHashSame = 151;
var headerWord = 153;
var options = 154;
var fixCount = 155;
var fixGap = 156;
var unmodifiedRun = 157;
var modifiedRun = 158;
var switchesKept = 159;
var stringPredicted = 160;
var stringAfterTwo = 176;
var stringAfterOne = 192;
var stringIsFresh = 208;
var stringFreshSkip = 224;
var stringIsRecent = 225;
var fieldSame = 241;
var frameSize = 257;
var fieldLarge = 258;
var bodyShared = 274;
var bodySharedBack = 276;
var cacheSame = 277;
var cacheSize = 281;
var instructionCount = 285;
var alignRun = 287;
var alignInserted = 288;
var alignDeleted = 289;
var instructionExact = 292;
var functionSame = 300;
var functionNext = 301;
var literalSame = 302;
var literalNext = 310;
var shapeSame = 314;
var shapeNext = 316;
var regExpNext = 318;
var bigInt = 319;
var jumpSame = 320;
var jumpAligned = 321;
var jumpMatched = 322;
var jumpNew = 330;
var cacheSlotSame = 331;
var doubleSame = 333;
var registerSame = 334;
var integerShift = 338;
var switchSame = 339;
var switchNew = 340;
var exceptionCount = 341;
var exceptionSame = 342;
var exceptionNew = 343;
var debugOffset = 346;
var copyUnchanged = 354;
var sequenceUnchanged = 355;
var partUnchanged = 356;
var headerUnchanged = 357;
var countChange = 358;
var stringsPacked = 359;
var stringGone = 360;
var stringChanged = 362;
var stringInside = 364;
var stringOrder = 366;
var stringNew = 367;
var stringIsInside = 368;
var stringContainer = 369;
var stringContainerAt = 370;

// packages/delta/src/hermes/string-packer.ts
var MAX_SOURCE = 24 * 1024;
var SLICE = 1024;
function* packStrings(strings2) {
  const count2 = strings2.length;
  const next2 = new Int32Array(count2).fill(-1);
  const previous = new Int32Array(count2).fill(-1);
  const overlap = new Int32Array(count2);
  yield* linkOverlaps(strings2, next2, previous, overlap);
  yield 0.07;
  const offsets = new Int32Array(count2).fill(-1);
  let length = 0;
  for (let i2 = 0; i2 < count2; i2++) {
    let member = strings2[i2].inside?.container ?? i2;
    if (offsets[member] >= 0 || strings2[member].inside !== void 0) continue;
    if (strings2[member].text.length === 0) {
      offsets[member] = 0;
      continue;
    }
    while (previous[member] >= 0) member = previous[member];
    for (; member >= 0; member = next2[member]) {
      offsets[member] = length - overlap[member];
      length = offsets[member] + strings2[member].text.length;
    }
  }
  for (let i2 = 0; i2 < count2; i2++) {
    const { inside } = strings2[i2];
    if (inside !== void 0) offsets[i2] = (offsets[inside.container] ?? -1) + inside.at;
  }
  return { length, offsets };
}
var FACTOR = 16777619;
function* linkOverlaps(strings2, next2, previous, overlap) {
  const groups = yield* groupSuffixes(strings2);
  const byWidth = [];
  for (let d = 0; d < strings2.length; d++) {
    if (d % SLICE === 0) yield 0.07;
    if (strings2[d].inside !== void 0) continue;
    const { text: text2 } = strings2[d];
    let hash2 = 0;
    for (let width = 1; width < text2.length; width++) {
      hash2 = Math.imul(hash2, FACTOR) + text2.charCodeAt(width - 1) + 1 | 0;
      const group = groups.find(hash2, width);
      if (group >= 0) (byWidth[width] ??= []).push(d, group);
    }
  }
  const startOf = Int32Array.from(strings2, (_, i2) => i2);
  const endOf = startOf.slice();
  for (let width = byWidth.length - 1; width > 0; width--) {
    const pairs = byWidth[width] ?? [];
    for (let p = 0; p < pairs.length; p += 2) {
      const d = pairs[p];
      const group = pairs[p + 1];
      if (previous[d] >= 0) continue;
      while (groups.first[group] >= 0 && next2[groups.owner[groups.first[group]]] >= 0) {
        groups.first[group] = groups.following[groups.first[group]];
      }
      for (let entry = groups.first[group]; entry >= 0; entry = groups.following[entry]) {
        const s = groups.owner[entry];
        if (s === d || next2[s] >= 0 || startOf[s] === d || !overlaps(strings2[s].text, strings2[d].text, width))
          continue;
        next2[s] = d;
        previous[d] = s;
        overlap[d] = width;
        const start = startOf[s];
        const end = endOf[d];
        startOf[end] = start;
        endOf[start] = end;
        break;
      }
    }
  }
}
function overlaps(left, right, width) {
  for (let i2 = 0; i2 < width; i2++)
    if (left.charCodeAt(left.length - width + i2) !== right.charCodeAt(i2)) return false;
  return true;
}
function* groupSuffixes(strings2) {
  const prefixes = /* @__PURE__ */ new Set();
  const code3 = (text2, at) => (text2.charCodeAt(at) * 65536 + text2.charCodeAt(at + 1)) * 65536 + text2.charCodeAt(at + 2);
  let total = 0;
  for (const { inside, text: text2 } of strings2) {
    if (inside !== void 0) continue;
    total += text2.length;
    if (text2.length > 3) prefixes.add(code3(text2, 0));
  }
  let bits2 = 12;
  while (1 << bits2 < 2 * total && bits2 < 22) bits2++;
  const slots = new Int32Array(1 << bits2).fill(-1);
  const hashes = [];
  const widths = [];
  const first = [];
  const last = [];
  const following = [];
  const owner = [];
  const slotOf = (hash2, width) => {
    let slot = Math.imul(hash2 ^ Math.imul(width, 2246822507), 2654435761) >>> 32 - bits2;
    while (slots[slot] >= 0 && (hashes[slots[slot]] !== hash2 || widths[slots[slot]] !== width))
      slot = slot + 1 & (1 << bits2) - 1;
    return slot;
  };
  for (let s = 0; s < strings2.length; s++) {
    if (s % SLICE === 0) yield 0.06;
    const { inside, text: text2 } = strings2[s];
    if (inside !== void 0 || text2.length > MAX_SOURCE) continue;
    let hash2 = 0;
    let power = 1;
    for (let width = 1; width < text2.length; width++) {
      const at = text2.length - width;
      hash2 = Math.imul(text2.charCodeAt(at) + 1, power) + hash2 | 0;
      power = Math.imul(power, FACTOR);
      if (width >= 3 && !prefixes.has(code3(text2, at))) continue;
      if (hashes.length > (1 << bits2) * 0.75) continue;
      const slot = slotOf(hash2, width);
      let group = slots[slot];
      if (group < 0) {
        group = hashes.length;
        slots[slot] = group;
        hashes.push(hash2);
        widths.push(width);
        first.push(-1);
        last.push(-1);
      }
      const entry = owner.length;
      owner.push(s);
      following.push(-1);
      if (first[group] < 0) first[group] = entry;
      else following[last[group]] = entry;
      last[group] = entry;
    }
  }
  return { find: (hash2, width) => slots[slotOf(hash2, width)], first, following, owner };
}

// packages/delta/src/hermes/copies.ts
function codeCopiedBytes(coder, lane, old, maxLength2, region) {
  if (coder.flag(copyUnchanged)) {
    mustHold(old.length <= maxLength2, "copy");
    return { bytes: old, copies: Int32Array.of(0, 0, old.length) };
  }
  const length = coder.near(copyTotal + lane, old.length);
  mustHold(length >= 0 && length <= maxLength2, "copy");
  const count2 = coder.number(copyCount + lane);
  mustHold(count2 <= length, "copy");
  const copies = new Int32Array(3 * count2);
  const bytes = new Uint8Array(length);
  let at = 0;
  let from = 0;
  for (let i2 = 0; i2 < count2; i2++) {
    const gap2 = coder.number(copyGap + lane);
    at += gap2;
    from = coder.near(copySeek + lane, from + gap2);
    const rest = Math.min(length - at, old.length - from);
    mustHold(from >= 0 && rest > 0, "copy");
    const size = coder.flag(copyFull + 2 * lane + (i2 === count2 - 1 ? 1 : 0)) ? rest : coder.number(copyLength + lane);
    mustHold(size <= rest, "copy");
    copies.set([at, from, size], 3 * i2);
    bytes.set(old.subarray(from, from + size), at);
    at += size;
    from += size;
  }
  at = 0;
  for (let i2 = 0; i2 <= count2; i2++) {
    const until = i2 < count2 ? copies[3 * i2] : length;
    if (at < until) region(bytes, at, until);
    at = until + copies[3 * i2 + 2];
  }
  return { bytes, copies };
}
function createCopyMap(copies) {
  const count2 = copies.length / 3;
  const order = Array.from({ length: count2 }, (_, i2) => 3 * i2);
  const longest = order.slice().sort((a, b) => copies[b + 2] - copies[a + 2] || a - b);
  order.sort((a, b) => copies[a + 1] - copies[b + 1] || a - b);
  const within = (i2, offset, length) => offset >= copies[i2 + 1] && offset + length <= copies[i2 + 1] + copies[i2 + 2];
  return (offset, length) => {
    for (let k = 0; k < 4 && k < count2; k++) {
      const i2 = longest[k];
      if (within(i2, offset, length)) return copies[i2] + offset - copies[i2 + 1];
    }
    let low = 0;
    let high = count2;
    while (low < high) {
      const middle = low + high >> 1;
      if (copies[order[middle] + 1] <= offset) low = middle + 1;
      else high = middle;
    }
    for (let k = low - 1; k >= 0 && k >= low - 8; k--) {
      const i2 = order[k];
      if (within(i2, offset, length)) return copies[i2] + offset - copies[i2 + 1];
    }
    return -1;
  };
}

// packages/delta/src/hermes/sequence.ts
function codeSequence(coder, lane, length, oldCount, successor = successorBelow(oldCount)) {
  const out = new Int32Array(length);
  let previous = -1;
  let j = 0;
  const runOn = (run) => {
    mustHold(run <= length - j, "run");
    for (let i2 = 0; i2 < run; i2++) {
      previous = successor(previous);
      mustHold(previous >= 0, "run");
      out[j++] = previous;
    }
  };
  if (coder.flag(sequenceUnchanged)) runOn(length);
  while (j < length) {
    runOn(coder.number(sequenceRun + lane));
    if (j >= length) break;
    if (coder.flag(sequenceNew + lane)) {
      const fresh = coder.number(sequenceNewCount + lane) + 1;
      mustHold(fresh <= length - j, "run");
      out.fill(-1, j, j + fresh);
      j += fresh;
      if (j >= length || !coder.flag(sequenceMore + lane)) continue;
    }
    previous = coder.near(sequenceJump + lane, previous);
    mustHold(previous >= 0 && previous < oldCount, "jump");
    out[j++] = previous;
  }
  return out;
}
function successorBelow(count2) {
  return (previous) => previous + 1 < count2 ? previous + 1 : -1;
}

// packages/delta/src/hermes/weight-sets.ts
var text = 8;
var fix = 24;
var literalTag = 28;
var literalInteger = 32;
var literalDouble = 36;
var literalRest = 40;
var stringRecent = 44;
var stringId = 48;
var flags = 56;
var field = 60;
var opcode = 64;
var register = 80;
var newRegister = 96;
var immediate = 100;
var double = 104;
var cacheSlot = 108;

// packages/delta/src/hermes/text-model.ts
var [PIECES, PIECE] = [64, 48];
function createPrimedTextModel(coder, old) {
  let model;
  return (out, at) => {
    if (model === void 0) {
      const reader = createTextModel(coder, new Uint8Array(0));
      const pieces = Math.min(PIECES, 1 + (old.length >> 12));
      for (let i2 = 0; i2 < pieces; i2++) {
        const piece = old.subarray(Math.floor(old.length * i2 / pieces)).subarray(0, PIECE);
        for (let k = 0; k < piece.length; k++) {
          coder.learn(piece[k]);
          reader(piece, k);
        }
      }
      coder.learn(-1);
      model = createTextModel(coder, old);
    }
    return model(out, at);
  };
}
function createTextModel(coder, old) {
  const hashBits = Math.min(16, coder.tableBits);
  let oldPlaces;
  const newPlaces = new Int32Array(1 << hashBits).fill(-1);
  let match = -1;
  let inNew = false;
  let matched = 0;
  const hash4 = (a, b, c, d) => Math.imul(a | b << 8 | c << 16 | d << 24, 2654435761) >>> 32 - hashBits;
  const index = () => {
    const table = new Int32Array(1 << hashBits).fill(-1);
    for (let i2 = 4; i2 < old.length; i2++) table[hash4(old[i2 - 1], old[i2 - 2], old[i2 - 3], old[i2 - 4])] = i2;
    return table;
  };
  return (out, at) => {
    oldPlaces ??= index();
    const a = at > 0 ? out[at - 1] : 0;
    const b = at > 1 ? out[at - 2] : 0;
    const c = at > 2 ? out[at - 3] : 0;
    const d = at > 3 ? out[at - 4] : 0;
    const e = at > 4 ? out[at - 5] : 0;
    const slot = hash4(a, b, c, d);
    if (match < 0 && at >= 4) {
      inNew = newPlaces[slot] >= 0;
      match = inNew ? newPlaces[slot] : oldPlaces[slot];
      matched = match >= 0 ? 1 : 0;
    }
    if (at >= 4) newPlaces[slot] = at;
    const expected = match < 0 ? -1 : inNew ? out[match] : match < old.length ? old[match] : -1;
    const { contexts } = coder;
    contexts[0] = 1;
    contexts[1] = mix(2, a);
    contexts[2] = mix(mix(3, a), b);
    contexts[3] = mix(mix(mix(4, a), b), c);
    contexts[4] = mix(mix(mix(mix(5, a), b), c), d);
    contexts[5] = mix(mix(mix(mix(mix(6, a), b), c), d), e);
    contexts[6] = mix(mix(7, expected), Math.min(matched, 15));
    contexts[7] = mix(mix(8, expected), a);
    const byte = coder.symbol(8, text + (expected < 0 ? 0 : 1 + Math.min(matched, 3)), 8);
    if (expected >= 0) {
      if (expected === byte) {
        match++;
        matched++;
      } else {
        match = -1;
        matched = 0;
      }
    }
    return byte;
  };
}
function textRegion(model) {
  return (out, from, to) => {
    for (let at = from; at < to; at++) out[at] = model(out, at);
  };
}

// packages/delta/src/hermes/strings.ts
var STRINGS = 0;
function codeStrings(coder, old, maxBytes, plan) {
  const oldStorage = sectionBytes(old, "stringStorage");
  plan?.copies("stringStorage", oldStorage, 10);
  const { bytes: storage, copies } = codeCopiedBytes(
    coder,
    STRINGS,
    oldStorage,
    maxBytes,
    textRegion(createPrimedTextModel(coder, oldStorage))
  );
  plan?.kindRuns();
  const kind = codeKinds(coder, old, maxBytes);
  const count2 = kind.length;
  const { strings: strings2 } = old;
  const moved = movedOffsets(strings2, copies);
  const following = new Int32Array(strings2.count + 1);
  let upcoming = -1;
  for (let i2 = strings2.count; i2 >= 0; i2--) {
    following[i2] = upcoming;
    if (moved[i2 - 1] >= 0) upcoming = i2 - 1;
  }
  const successor = (previous) => following[previous + 1];
  plan?.stringReferences(moved, kind, successor);
  const references = codeSequence(coder, STRINGS, count2, strings2.count, successor);
  const table = createStringTable(kind);
  const newIds = new Int32Array(strings2.count).fill(-1);
  const unplaced = [];
  let end = 0;
  for (let j = 0; j < count2; j++) {
    const i2 = references[j];
    if (i2 < 0) {
      plan?.stringEntry(j);
      codeEntry(coder, table, j, end, storage.length);
      unplaced.push(j);
    } else {
      mustHold(moved[i2] >= 0, "string");
      table.offset[j] = moved[i2];
      table.length[j] = strings2.length[i2];
      table.wide[j] = strings2.wide[i2];
      if (newIds[i2] < 0) newIds[i2] = j;
    }
    end = table.offset[j] + table.length[j] * (1 + table.wide[j]);
  }
  const fresh = findByText(strings2, oldStorage, newIds, table, storage, unplaced);
  return { fresh, newIds, storage, table };
}
function createStringTable(kind) {
  const count2 = kind.length;
  return {
    count: count2,
    kind,
    length: new Uint32Array(count2),
    offset: new Uint32Array(count2),
    wide: new Uint8Array(count2)
  };
}
function codeKinds(coder, old, maxBytes) {
  const before = kindRuns(old.strings.kind);
  const count2 = coder.near(countChange, before.length);
  mustHold(count2 >= 0 && count2 <= maxBytes / 4, "strings");
  const kinds = [];
  const lengths = [];
  let total = 0;
  for (let i2 = 0; i2 < count2; i2++) {
    const [oldKind, oldLength] = before[i2] ?? [i2 & 1, 0];
    kinds.push(coder.flag(stringKind + oldKind) ? 1 : 0);
    const length = coder.near(countChange, oldLength);
    total += length;
    mustHold(length >= 0 && total <= maxBytes / 4, "strings");
    lengths.push(length);
  }
  const kind = new Uint8Array(total);
  let filled = 0;
  kinds.forEach((value, i2) => kind.fill(value, filled, filled += lengths[i2]));
  return kind;
}
function kindRuns(kind) {
  const runs = [];
  for (let i2 = 0; i2 < kind.length; i2++) {
    if (i2 > 0 && kind[i2] === kind[i2 - 1]) runs[runs.length - 1][1]++;
    else runs.push([kind[i2], 1]);
  }
  return runs;
}
function movedOffsets(strings2, copies) {
  const map = createCopyMap(copies);
  const { length, offset, wide } = strings2;
  const moved = new Int32Array(strings2.count);
  for (let i2 = 0; i2 < moved.length; i2++) {
    const size = length[i2] * (1 + wide[i2]);
    if (size > 0) moved[i2] = map(offset[i2], size);
  }
  return moved;
}
function codeEntry(coder, table, j, end, storageSize) {
  const wide = coder.flag(stringWide) ? 1 : 0;
  const offset = coder.is(stringAdjacent, end) ? end : coder.near(stringOffset, end);
  const length = coder.number(stringLength);
  mustHold(offset >= 0 && offset + length * (1 + wide) <= storageSize, "string");
  table.offset[j] = offset;
  table.length[j] = length;
  table.wide[j] = wide;
}
function findByText(strings2, oldStorage, newIds, table, storage, unplaced) {
  if (unplaced.length === 0) return [];
  const key = ({ length, offset, wide }, bytes, i2) => {
    let text2 = String.fromCharCode(wide[i2]);
    const end = offset[i2] + length[i2] * (1 + wide[i2]);
    for (let at = offset[i2]; at < end; at++) text2 += String.fromCharCode(bytes[at]);
    return text2;
  };
  const unused = /* @__PURE__ */ new Map();
  newIds.forEach((id, i2) => {
    if (id < 0) unused.set(key(strings2, oldStorage, i2), i2);
  });
  const fresh = [];
  let budget = 2 * storage.length + 65536;
  for (const j of unplaced) {
    budget -= table.length[j];
    if (budget < 0) throw deltaError("ERR_DELTA_LIMIT", "The new strings overlap too much");
    const i2 = unused.get(key(table, storage, j));
    if (i2 !== void 0 && newIds[i2] < 0) newIds[i2] = j;
    else fresh.push(j);
  }
  return fresh;
}

// packages/delta/src/hermes/packed-strings.ts
function stringText({ length, offset, wide }, storage, i2) {
  let text2 = "";
  const start = offset[i2];
  for (let from = 0; from < length[i2]; from += 4096) {
    const units = Array.from(
      { length: Math.min(4096, length[i2] - from) },
      (_, k) => wide[i2] === 1 ? storage[start + 2 * (from + k)] | storage[start + 2 * (from + k) + 1] << 8 : storage[start + from + k]
    );
    text2 += String.fromCharCode(...units);
  }
  return text2;
}
function compareStrings(a, b) {
  return a.order - b.order || (a.text < b.text ? -1 : a.text > b.text ? 1 : a.wide - b.wide);
}
function sortStrings(file, oldIdOf) {
  const { strings: strings2 } = file;
  const { length, offset } = strings2;
  const storage = sectionBytes(file, "stringStorage");
  const all = [];
  const ids = [[], []];
  for (let i2 = 0; i2 < strings2.count; i2++) {
    all.push({
      oldId: oldIdOf(i2),
      order: (i2 < 255 ? 0 : i2 < 65535 ? 2 : 4) + strings2.kind[i2],
      text: stringText(strings2, storage, i2),
      wide: strings2.wide[i2]
    });
    if (length[i2] > 0) ids[strings2.wide[i2]].push(i2);
  }
  ids.forEach((list2, wide) => {
    let container = -1;
    let end = 0;
    for (const i2 of list2.sort((a, b) => offset[a] - offset[b] || length[b] - length[a] || a - b)) {
      const stop = offset[i2] + length[i2] * (1 + wide);
      if (stop <= end) {
        all[i2].inside = { at: (offset[i2] - offset[container]) / (1 + wide), container: all[container] };
      } else {
        container = i2;
        end = stop;
      }
    }
  });
  return all.sort(compareStrings);
}
function* layOut(sorted) {
  const places = /* @__PURE__ */ new Map();
  let end = 0;
  for (const wide of [0, 1]) {
    const list2 = sorted.filter((one) => one.wide === wide);
    const numbers = new Map(list2.map((one, i2) => [one, i2]));
    const packing = yield* packStrings(
      list2.map(({ inside, text: text2 }) => {
        const container = inside && numbers.get(inside.container);
        return inside === void 0 || container === void 0 ? { text: text2 } : { inside: { at: inside.at, container }, text: text2 };
      })
    );
    if (packing.length > 0) end += wide & end;
    list2.forEach((one, i2) => places.set(one, end + packing.offsets[i2] * (1 + wide)));
    end += packing.length * (1 + wide);
    yield 0.08;
  }
  const storage = new Uint8Array(end);
  const placeOf = (one) => places.get(one);
  const byId = sorted.slice().sort((a, b) => a.order - b.order || placeOf(a) - placeOf(b) || a.text.length - b.text.length);
  const table = createStringTable(Uint8Array.from(byId, ({ order }) => order & 1));
  for (let j = 0; j < byId.length; j++) {
    if (j % 1024 === 0) yield 0.09;
    const one = byId[j];
    const { text: text2, wide } = one;
    const offset = text2.length === 0 ? 0 : placeOf(one);
    if (!(offset >= 0 && offset + text2.length * (1 + wide) <= end)) return void 0;
    table.length[j] = text2.length;
    table.offset[j] = offset;
    table.wide[j] = wide;
    for (let k = 0; k < text2.length; k++) {
      const unit = text2.charCodeAt(k);
      storage[offset + k * (1 + wide)] = unit;
      if (wide === 1) storage[offset + 2 * k + 1] = unit >>> 8;
    }
  }
  return { byId, storage, table };
}
function* codePackedStrings(coder, old, maxBytes, plan) {
  const before = sortStrings(old, (id) => id);
  yield 0.02;
  plan?.packedStrings(before);
  const moved = /* @__PURE__ */ new Map();
  const gone = codePlaces(coder, stringGone, before.length);
  const changed = codePlaces(coder, stringChanged, before.length);
  before.forEach((one, i2) => {
    if (gone.has(i2)) return;
    const { oldId, text: text2, wide } = one;
    const order2 = changed.has(i2) ? coder.number(stringOrder) : one.order;
    moved.set(one, { oldId, order: order2, text: text2, wide });
  });
  const sorted = [...moved.values()];
  const count2 = coder.number(stringNew);
  mustHold(count2 + sorted.length <= maxBytes / 4, "strings");
  const model = createPrimedTextModel(coder, sectionBytes(old, "stringStorage"));
  const bytes = new Uint8Array(maxBytes);
  let at = 0;
  let order = 0;
  for (let i2 = 0; i2 < count2; i2++) {
    const wide = coder.flag(stringWide) ? 1 : 0;
    order += coder.number(stringOrder);
    const length = coder.number(stringLength);
    mustHold(at + length * (1 + wide) < maxBytes, "strings");
    let text2 = "";
    for (let k = 0; k < length; k++) {
      let unit = bytes[at] = model(bytes, at);
      at++;
      if (wide === 1) {
        unit |= (bytes[at] = model(bytes, at)) << 8;
        at++;
      }
      text2 += String.fromCharCode(unit);
    }
    at++;
    sorted.push({ oldId: -1, order, text: text2, wide });
  }
  yield 0.04;
  sorted.sort(compareStrings);
  yield 0.05;
  codeContainers(coder, before, moved, sorted, plan);
  yield 0.06;
  const result = yield* layOut(sorted);
  if (result === void 0 || result.storage.length > maxBytes) return mustHold(false, "strings");
  const newIds = new Int32Array(old.strings.count).fill(-1);
  const fresh = [];
  result.byId.forEach(({ oldId }, id) => {
    if (oldId >= 0) newIds[oldId] = id;
    else fresh.push(id);
  });
  return { fresh, newIds, storage: result.storage, table: result.table };
}
function codeContainers(coder, before, moved, sorted, plan) {
  for (const one of before) {
    const copy = moved.get(one);
    const container = one.inside && moved.get(one.inside.container);
    if (copy !== void 0 && one.inside !== void 0 && container !== void 0)
      copy.inside = { at: one.inside.at, container };
  }
  plan?.containers(sorted);
  for (const i2 of codePlaces(coder, stringInside, sorted.length)) {
    const one = sorted[i2];
    one.inside = void 0;
    if (!coder.flag(stringIsInside)) continue;
    const container = sorted[coder.number(stringContainer)];
    mustHold(container !== void 0 && container !== one, "strings");
    one.inside = { at: coder.number(stringContainerAt), container };
  }
}
function codePlaces(coder, context, length) {
  const count2 = Math.min(coder.number(context), length);
  const places = /* @__PURE__ */ new Set();
  let at = -1;
  for (let i2 = 0; i2 < count2; i2++) {
    at += 1 + coder.number(context + 1);
    mustHold(at < length, "strings");
    places.add(at);
  }
  return places;
}

// packages/publisher/src/compare-builds.ts
var ENOUGH_NAMES = 50;
var ENOUGH_SOURCE_BYTES = 2e3;
function buildFlags(bytes) {
  const bundle = bundleKind(bytes);
  if (bundle.kind === "javascript") {
    const lines = bytes.reduce((count2, byte) => count2 + (byte === 10 ? 1 : 0), 1);
    return bytes.length < ENOUGH_SOURCE_BYTES ? { kind: "javascript" } : { kind: "javascript", minified: bytes.length / lines > 200 };
  }
  const version = bundle.kind === "hermes" ? { hbcVersion: bundle.hbcVersion } : {};
  const facts = factsOf(bytes);
  const { namedFunctionCount: named = 0, shortFunctionNameCount: short = 0 } = facts ?? {};
  return {
    kind: "hermes",
    ...version,
    ...facts?.hasDebugInfo === void 0 ? {} : { debugInfo: facts.hasDebugInfo },
    ...facts?.options === void 0 ? {} : { compilerOptions: facts.options },
    ...named < ENOUGH_NAMES ? {} : { minified: short / named > 0.4 }
  };
}
function compareBuilds(embedded, release) {
  const [a, b] = [buildFlags(embedded), buildFlags(release)];
  return ["kind", "hbcVersion", "debugInfo", "compilerOptions", "minified"].flatMap((flag) => {
    const [one, other] = [a[flag], b[flag]];
    return one === void 0 || other === void 0 || one === other ? [] : [{ embedded: one, flag, release: other }];
  });
}
function factsOf(bytes) {
  try {
    return inspectBytecode(bytes);
  } catch (error) {
    if (isOtaError(error)) return void 0;
    throw error;
  }
}

// node_modules/.pnpm/valibot@1.5.0_typescript@6.0.3/node_modules/valibot/dist/index.mjs
var store$4;
var DEFAULT_CONFIG = {
  lang: void 0,
  message: void 0,
  abortEarly: void 0,
  abortPipeEarly: void 0
};
// @__NO_SIDE_EFFECTS__
function getGlobalConfig(config$1) {
  if (!config$1 && !store$4) return DEFAULT_CONFIG;
  return {
    lang: config$1?.lang ?? store$4?.lang,
    message: config$1?.message,
    abortEarly: config$1?.abortEarly ?? store$4?.abortEarly,
    abortPipeEarly: config$1?.abortPipeEarly ?? store$4?.abortPipeEarly
  };
}
var store$3;
// @__NO_SIDE_EFFECTS__
function getGlobalMessage(lang) {
  return store$3?.get(lang);
}
var store$2;
// @__NO_SIDE_EFFECTS__
function getSchemaMessage(lang) {
  return store$2?.get(lang);
}
var store$1;
// @__NO_SIDE_EFFECTS__
function getSpecificMessage(reference, lang) {
  return store$1?.get(reference)?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function _stringify(input) {
  const type = typeof input;
  if (type === "string") return `"${input}"`;
  if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
  if (type === "object" || type === "function") return (input && Object.getPrototypeOf(input)?.constructor?.name) ?? "null";
  return type;
}
function _addIssue(context, label, dataset, config$1, other) {
  const input = other && "input" in other ? other.input : dataset.value;
  const expected = other?.expected ?? context.expects ?? null;
  const received = other?.received ?? /* @__PURE__ */ _stringify(input);
  const issue = {
    kind: context.kind,
    type: context.type,
    input,
    expected,
    received,
    message: `Invalid ${label}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
    requirement: context.requirement,
    path: other?.path,
    issues: other?.issues,
    lang: config$1.lang,
    abortEarly: config$1.abortEarly,
    abortPipeEarly: config$1.abortPipeEarly
  };
  const isSchema = context.kind === "schema";
  const message$1 = other?.message ?? context.message ?? /* @__PURE__ */ getSpecificMessage(context.reference, issue.lang) ?? (isSchema ? /* @__PURE__ */ getSchemaMessage(issue.lang) : null) ?? config$1.message ?? /* @__PURE__ */ getGlobalMessage(issue.lang);
  if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
  if (isSchema) dataset.typed = false;
  if (dataset.issues) dataset.issues.push(issue);
  else dataset.issues = [issue];
}
// @__NO_SIDE_EFFECTS__
function _isSameValueZero(value1, value2) {
  return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
// @__NO_SIDE_EFFECTS__
function _isValueMatch(requirement, value$1) {
  return Number.isNaN(requirement) && Number.isNaN(value$1) || requirement <= value$1 && requirement >= value$1;
}
// @__NO_SIDE_EFFECTS__
function _joinExpects(values$1, separator) {
  const list2 = [...new Set(values$1)];
  if (list2.length > 1) return `(${list2.join(` ${separator} `)})`;
  return list2[0] ?? "never";
}
function _standardSchema(schema) {
  schema["~standard"] = {
    version: 1,
    vendor: "valibot",
    validate: (value$1) => schema["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
  };
  return schema;
}
// @__NO_SIDE_EFFECTS__
function getDotPath(issue) {
  if (issue.path) {
    let key = "";
    for (const item of issue.path) if (typeof item.key === "string" || typeof item.key === "number") if (key) key += `.${item.key}`;
    else key += item.key;
    else return null;
    return key;
  }
  return null;
}
var EMOJI_REGEX = new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$", "u");
// @__NO_SIDE_EFFECTS__
function check(requirement, message$1) {
  return {
    kind: "validation",
    type: "check",
    reference: check,
    async: false,
    expects: null,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "input", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function maxLength(requirement, message$1) {
  return {
    kind: "validation",
    type: "max_length",
    reference: maxLength,
    async: false,
    expects: `<=${requirement}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && dataset.value.length > this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function maxValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "max_value",
    reference: maxValue,
    async: false,
    expects: `<=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value <= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minLength(requirement, message$1) {
  return {
    kind: "validation",
    type: "min_length",
    reference: minLength,
    async: false,
    expects: `>=${requirement}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && dataset.value.length < this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "min_value",
    reference: minValue,
    async: false,
    expects: `>=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function notValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "not_value",
    reference: notValue,
    async: false,
    expects: requirement instanceof Date ? `!${requirement.toJSON()}` : `!${/* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && /* @__PURE__ */ _isValueMatch(this.requirement, dataset.value)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function regex(requirement, message$1) {
  return {
    kind: "validation",
    type: "regex",
    reference: regex,
    async: false,
    expects: `${requirement}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "format", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function safeInteger(message$1) {
  return {
    kind: "validation",
    type: "safe_integer",
    reference: safeInteger,
    async: false,
    expects: null,
    requirement: Number.isSafeInteger,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "safe integer", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function transform(operation) {
  return {
    kind: "transformation",
    type: "transform",
    reference: transform,
    async: false,
    operation,
    "~run"(dataset) {
      dataset.value = this.operation(dataset.value);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function getFallback(schema, dataset, config$1) {
  return typeof schema.fallback === "function" ? schema.fallback(dataset, config$1) : schema.fallback;
}
// @__NO_SIDE_EFFECTS__
function getDefault(schema, dataset, config$1) {
  return typeof schema.default === "function" ? schema.default(dataset, config$1) : schema.default;
}
// @__NO_SIDE_EFFECTS__
function array(item, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "array",
    reference: array,
    expects: "Array",
    async: false,
    item,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (Array.isArray(input)) {
        dataset.typed = true;
        dataset.value = [];
        for (let key = 0; key < input.length; key++) {
          const value$1 = input[key];
          const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
          if (itemDataset.issues) {
            const pathItem = {
              type: "array",
              origin: "value",
              input,
              key,
              value: value$1
            };
            for (const issue of itemDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = itemDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!itemDataset.typed) dataset.typed = false;
          dataset.value.push(itemDataset.value);
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function boolean(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "boolean",
    reference: boolean,
    expects: "boolean",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "boolean") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function custom(check$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "custom",
    reference: custom,
    expects: "unknown",
    async: false,
    check: check$1,
    message: message$1,
    "~run"(dataset, config$1) {
      if (this.check(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function exactOptional(wrapped, default_) {
  return _standardSchema({
    kind: "schema",
    type: "exact_optional",
    reference: exactOptional,
    expects: wrapped.expects,
    async: false,
    wrapped,
    default: default_,
    "~run"(dataset, config$1) {
      return this.wrapped["~run"](dataset, config$1);
    }
  });
}
// @__NO_SIDE_EFFECTS__
function instance(class_, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "instance",
    reference: instance,
    expects: class_.name,
    async: false,
    class: class_,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.value instanceof this.class) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function literal(literal_, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "literal",
    reference: literal,
    expects: /* @__PURE__ */ _stringify(literal_),
    async: false,
    literal: literal_,
    message: message$1,
    "~run"(dataset, config$1) {
      if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function number(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "number",
    reference: number,
    expects: "number",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function picklist(options2, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "picklist",
    reference: picklist,
    expects: /* @__PURE__ */ _joinExpects(options2.map(_stringify), "|"),
    async: false,
    options: options2,
    message: message$1,
    "~run"(dataset, config$1) {
      if (this.options.includes(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function strictObject(entries$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "strict_object",
    reference: strictObject,
    expects: "Object",
    async: false,
    entries: entries$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const key in this.entries) {
          const valueSchema = this.entries[key];
          if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
            const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
            const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
            if (valueDataset.issues) {
              const pathItem = {
                type: "object",
                origin: "value",
                input,
                key,
                value: value$1
              };
              for (const issue of valueDataset.issues) {
                if (issue.path) issue.path.unshift(pathItem);
                else issue.path = [pathItem];
                dataset.issues?.push(issue);
              }
              if (!dataset.issues) dataset.issues = valueDataset.issues;
              if (config$1.abortEarly) {
                dataset.typed = false;
                break;
              }
            }
            if (!valueDataset.typed) dataset.typed = false;
            dataset.value[key] = valueDataset.value;
          } else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
          else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
            _addIssue(this, "key", dataset, config$1, {
              input: void 0,
              expected: `"${key}"`,
              path: [{
                type: "object",
                origin: "key",
                input,
                key,
                value: input[key]
              }]
            });
            if (config$1.abortEarly) break;
          }
        }
        if (!dataset.issues || !config$1.abortEarly) {
          for (const key in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key)) {
            _addIssue(this, "key", dataset, config$1, {
              input: key,
              expected: "never",
              path: [{
                type: "object",
                origin: "key",
                input,
                key,
                value: input[key]
              }]
            });
            break;
          }
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function string(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "string",
    reference: string,
    expects: "string",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "string") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function pipe(...pipe$1) {
  return _standardSchema({
    ...pipe$1[0],
    pipe: pipe$1,
    "~run"(dataset, config$1) {
      for (const item of pipe$1) if (item.kind !== "metadata") {
        if (dataset.issues && (item.kind === "schema" || item.kind === "transformation")) {
          dataset.typed = false;
          break;
        }
        if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item["~run"](dataset, config$1);
      }
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function safeParse(schema, input, config$1) {
  const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
  return {
    typed: dataset.typed,
    success: !dataset.issues,
    output: dataset.value,
    issues: dataset.issues
  };
}

// packages/manifest/src/error.ts
function manifestError(code, message, details) {
  return new OtaError(code, message, details === void 0 ? {} : { details });
}

// packages/manifest/src/codec/codec.ts
var plain = { fromCbor: (value) => value, toCbor: (value) => value };
var hexBytes = {
  fromCbor: (value) => {
    if (!isBytes(value)) throw manifestError("ERR_DOCUMENT_SHAPE", "A hash or key id is not a byte string");
    return bytesToHex(value);
  },
  toCbor: (value) => hexToBytes(value)
};
function list(inner) {
  return {
    fromCbor: (value) => {
      if (!Array.isArray(value)) throw manifestError("ERR_DOCUMENT_SHAPE", "Expected an array");
      return value.map((one) => inner.fromCbor(one));
    },
    toCbor: (value) => value.map((one) => inner.toCbor(one))
  };
}
function record(keys) {
  const members = Object.entries(keys).map(([name, entry]) => {
    const [key, codec] = typeof entry === "number" ? [entry, plain] : entry;
    return { codec, key, name };
  });
  return {
    fromCbor: (value) => {
      if (!(value instanceof Map))
        throw manifestError("ERR_DOCUMENT_SHAPE", "Expected a map with integer keys");
      const map = value;
      const out = {};
      let known = 0;
      for (const { codec, key, name } of members) {
        const inner = map.get(key);
        if (inner === void 0) continue;
        known++;
        out[name] = codec.fromCbor(inner);
      }
      if (known !== map.size) {
        const stranger = Array.from(map.keys()).find((key) => !members.some((member) => member.key === key));
        throw manifestError(
          "ERR_DOCUMENT_SHAPE",
          `Unknown key ${JSON.stringify(stranger)}; a newer format version would say so`,
          { key: stranger }
        );
      }
      return out;
    },
    toCbor: (value) => {
      const out = /* @__PURE__ */ new Map();
      for (const { codec, key, name } of members) {
        const inner = value[name];
        if (inner !== void 0) out.set(key, codec.toCbor(inner));
      }
      return out;
    }
  };
}
var json = {
  fromCbor: (value) => {
    if (Array.isArray(value)) return value.map((one) => json.fromCbor(one));
    if (value instanceof Map) {
      const out = {};
      value.forEach((inner, key) => {
        if (typeof key !== "string" || key === "__proto__") {
          throw manifestError("ERR_DOCUMENT_SHAPE", `Key ${JSON.stringify(key)} may not stand here`, { key });
        }
        out[key] = json.fromCbor(inner);
      });
      return out;
    }
    if (isBytes(value)) throw manifestError("ERR_DOCUMENT_SHAPE", "A byte string may not stand here");
    return value;
  },
  toCbor: (value) => {
    if (Array.isArray(value)) return value.map((one) => json.toCbor(one));
    if (typeof value === "object" && value !== null) {
      return new Map(Object.entries(value).map(([key, inner]) => [key, json.toCbor(inner)]));
    }
    return value;
  }
};

// packages/cose/src/envelope.ts
function openEnvelope(envelope, tag) {
  const tagBytes = tag < 24 ? [192 | tag] : [216, tag];
  const tagged = tagBytes.every((byte, i2) => envelope[i2] === byte);
  if (!tagged && envelope.length > 0 && envelope[0] >> 5 === 6) {
    throw coseError("ERR_COSE_STRUCTURE", `Expected COSE tag ${tag} or none, got another tag`);
  }
  const parts = decodeCbor(tagged ? envelope.subarray(tagBytes.length) : envelope);
  if (!Array.isArray(parts) || parts.length !== 4) {
    throw coseError("ERR_COSE_STRUCTURE", "A COSE signature envelope is an array of four");
  }
  return parts;
}

// packages/cose/src/payload.ts
function resolvePayload(attached, detached) {
  if (attached === null) {
    if (detached === void 0)
      throw coseError("ERR_COSE_STRUCTURE", "The payload is detached; pass it as detachedPayload");
    return detached;
  }
  if (!isBytes(attached))
    throw coseError("ERR_COSE_STRUCTURE", "The payload is neither a byte string nor detached");
  if (detached !== void 0)
    throw coseError("ERR_COSE_STRUCTURE", "The envelope has its payload inside, none may be passed");
  return attached;
}

// packages/cose/src/read-unverified-payload.ts
function readUnverifiedPayload(envelope) {
  return resolvePayload(openEnvelope(envelope, TAG.sign)[2], void 0);
}

// packages/cose/src/protected-header.ts
function decodeProtected(value) {
  if (!isBytes(value)) throw coseError("ERR_COSE_HEADER", "The protected header is not a byte string");
  if (value.length === 0) return /* @__PURE__ */ new Map();
  if (value.length > 4096)
    throw coseError("ERR_COSE_HEADER", `Protected header of ${value.length} bytes, at most 4096`);
  const map = decodeCbor(value, { maxDepth: 4, maxItems: 64 });
  if (!(map instanceof Map)) throw coseError("ERR_COSE_HEADER", "The protected header is not a map");
  if (map.size === 0)
    throw coseError("ERR_COSE_HEADER", "An empty protected header must be a zero-length byte string");
  return map;
}
function checkUnprotected(value) {
  if (!(value instanceof Map)) throw coseError("ERR_COSE_HEADER", "The unprotected header is not a map");
  value.forEach((_inner, label) => {
    if (label !== HEADER.receipts) {
      throw coseError(
        "ERR_COSE_HEADER",
        `Label ${label} in the unprotected header: only receipts (394) may stand there`,
        { label }
      );
    }
  });
}
function checkKnownLabels(header, known) {
  const critical = header.get(HEADER.crit);
  if (critical !== void 0) {
    if (!Array.isArray(critical) || critical.length === 0) {
      throw coseError("ERR_COSE_CRITICAL", "crit must be a non-empty array");
    }
    for (const label of critical) {
      if (!known.includes(label) || !header.has(label)) {
        throw coseError("ERR_COSE_CRITICAL", `Critical header ${String(label)} is not understood`, { label });
      }
    }
  }
  header.forEach((_inner, label) => {
    if (label !== HEADER.crit && !known.includes(label)) {
      throw coseError("ERR_COSE_HEADER", `Unknown label ${label} in the protected header`, { label });
    }
  });
}
function checkType(header, expected) {
  const type = header.get(HEADER.typ);
  if (type !== expected) {
    throw coseError(
      "ERR_COSE_TYPE",
      `Expected a document of type ${expected}, got ${type === void 0 ? "none" : String(type)}`,
      {
        expected,
        type
      }
    );
  }
}
function readClaims(header) {
  const claims = header.get(HEADER.cwtClaims);
  if (claims === void 0) return {};
  if (!(claims instanceof Map)) throw coseError("ERR_COSE_HEADER", "CWT claims are not a map");
  const out = {};
  claims.forEach((value, label) => {
    const name = label === CLAIM.iss ? "issuer" : label === CLAIM.sub ? "subject" : void 0;
    if (name === void 0 || typeof value !== "string")
      throw coseError("ERR_COSE_HEADER", `CWT claim ${label} is not understood`);
    out[name] = value;
  });
  return out;
}
function readContentType(header) {
  const value = header.get(HEADER.contentType);
  if (value !== void 0 && typeof value !== "string")
    throw coseError("ERR_COSE_HEADER", "The content type is not text");
  return value;
}
function selectKey(header, keys) {
  const kid2 = header.get(HEADER.kid);
  if (!isBytes(kid2)) throw coseError("ERR_COSE_HEADER", "The key id (kid) is missing or not a byte string");
  const kidHex = bytesToHex(kid2);
  const key = keys.find((candidate) => candidate.kidHex === kidHex);
  if (key === void 0) {
    throw coseError("ERR_COSE_KEY_UNKNOWN", `No trusted key for this role has the id ${kidHex}`, { kidHex });
  }
  const alg = header.get(HEADER.alg);
  if (typeof alg !== "number" || !key.algorithm.ids.includes(alg)) {
    throw coseError(
      "ERR_COSE_ALGORITHM",
      `Key ${kidHex} is for ${key.alg}, the header says algorithm ${String(alg)}`,
      { alg, kidHex }
    );
  }
  return key;
}

// packages/cose/src/verify-sign1.ts
var KNOWN = [HEADER.alg, HEADER.kid, HEADER.contentType, HEADER.cwtClaims, HEADER.typ];
var EMPTY2 = /* @__PURE__ */ new Uint8Array(0);
function verifySign1(envelope, options2) {
  const [protectedBytes, unprotected, attached, signature] = openEnvelope(envelope, TAG.sign1);
  const header = decodeProtected(protectedBytes);
  checkUnprotected(unprotected);
  checkKnownLabels(header, KNOWN);
  checkType(header, options2.type);
  const claims = readClaims(header);
  const contentType = readContentType(header);
  const payload = resolvePayload(attached, options2.detachedPayload);
  if (!isBytes(signature) || signature.length !== 64) {
    throw coseError("ERR_COSE_SIGNATURE", "The signature is not 64 bytes (r \u2016 s); DER is not accepted here");
  }
  const key = selectKey(header, options2.keys);
  const signed = sigStructure(
    "Signature1",
    protectedBytes,
    options2.externalAad ?? EMPTY2,
    payload
  );
  if (!verifySignature(key, signed, signature)) {
    throw coseError("ERR_COSE_SIGNATURE", `The signature does not verify with key ${key.kidHex}`, {
      kidHex: key.kidHex
    });
  }
  return {
    alg: key.alg,
    claims,
    kidHex: key.kidHex,
    payload,
    ...contentType === void 0 ? {} : { contentType }
  };
}

// packages/cose/src/verify-threshold.ts
var BODY_LABELS = [HEADER.contentType, HEADER.cwtClaims, HEADER.typ];
var SIGNER_LABELS = [HEADER.alg, HEADER.kid];
var MAX_SIGNATURES = 32;
var EMPTY3 = /* @__PURE__ */ new Uint8Array(0);
function verifyThreshold(envelope, options2) {
  if (!Number.isInteger(options2.threshold) || options2.threshold < 1) {
    throw new RangeError(`verifyThreshold: threshold must be at least 1, got ${options2.threshold}`);
  }
  const [bodyProtected, unprotected, attached, signatures] = openEnvelope(envelope, TAG.sign);
  const body = decodeProtected(bodyProtected);
  checkUnprotected(unprotected);
  checkKnownLabels(body, BODY_LABELS);
  checkType(body, options2.type);
  const claims = readClaims(body);
  const payload = resolvePayload(attached, void 0);
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw coseError("ERR_COSE_STRUCTURE", `Expected 1 to ${MAX_SIGNATURES} signatures`);
  }
  const seen = /* @__PURE__ */ new Set();
  const good = [];
  for (const one of signatures) {
    if (!Array.isArray(one) || one.length !== 3)
      throw coseError("ERR_COSE_STRUCTURE", "A COSE_Signature is an array of three");
    const [signerProtected, signerUnprotected, signature] = one;
    const header = decodeProtected(signerProtected);
    checkUnprotected(signerUnprotected);
    checkKnownLabels(header, SIGNER_LABELS);
    if (!isBytes(signature) || signature.length !== 64) {
      throw coseError("ERR_COSE_SIGNATURE", "A signature is not 64 bytes (r \u2016 s)");
    }
    const kid2 = header.get(HEADER.kid);
    const key = isBytes(kid2) && !options2.keys.some((k) => equalBytes(k.kid, kid2)) ? void 0 : selectKey(header, options2.keys);
    const kidHex = key?.kidHex ?? bytesToHex(kid2);
    if (seen.has(kidHex))
      throw coseError("ERR_COSE_STRUCTURE", `Two signatures by key ${kidHex}`, { kidHex });
    seen.add(kidHex);
    if (key === void 0) continue;
    const signed = sigStructure(
      "Signature",
      bodyProtected,
      signerProtected,
      EMPTY3,
      payload
    );
    if (!verifySignature(key, signed, signature)) {
      throw coseError("ERR_COSE_SIGNATURE", `The signature of key ${kidHex} does not verify`, { kidHex });
    }
    good.push(kidHex);
  }
  if (good.length < options2.threshold) {
    throw coseError(
      "ERR_COSE_THRESHOLD",
      `Signed by ${good.length} trusted keys, ${options2.threshold} needed`,
      {
        signed: good.length,
        threshold: options2.threshold
      }
    );
  }
  return { claims, kidHexes: good, payload };
}

// packages/manifest/src/codec/document.ts
function parseDocument(kind, payload) {
  if (payload.length > kind.maxSizeBytes) {
    throw manifestError(
      "ERR_DOCUMENT_SIZE",
      `${kind.name} of ${payload.length} bytes, at most ${kind.maxSizeBytes}`,
      {
        maxSizeBytes: kind.maxSizeBytes,
        sizeBytes: payload.length
      }
    );
  }
  const decoded = decodeCbor(payload);
  checkFormatVersion(kind.name, decoded);
  return validate(kind, kind.codec.fromCbor(decoded));
}
function documentToCbor(kind, document) {
  const withVersion = { ...document, formatVersion: 1 };
  validate(kind, withVersion);
  return kind.codec.toCbor(withVersion);
}
function validate(kind, document) {
  const result = safeParse(kind.schema, document, { abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = getDotPath(issue) ?? "the document";
  throw manifestError("ERR_DOCUMENT_SHAPE", `${kind.name}: ${where}: ${issue.message}`, { member: where });
}
function checkFormatVersion(name, decoded) {
  if (!(decoded instanceof Map)) throw manifestError("ERR_DOCUMENT_SHAPE", `${name}: expected a map`);
  const version = decoded.get(1);
  if (version !== 1) {
    throw manifestError(
      "ERR_DOCUMENT_VERSION",
      `${name}: format version ${JSON.stringify(version)}, this reader knows 1`,
      { version }
    );
  }
}

// packages/manifest/src/limits.ts
var LIMITS = {
  indexSizeBytes: 262144,
  manifestSizeBytes: 1048576,
  rootSizeBytes: 65536,
  /** Headers and signatures around a payload: an envelope may be this much larger than the cap of its document. */
  envelopeOverheadBytes: 8192,
  objectSizeBytes: 67108864,
  releaseSizeBytes: 268435456,
  /** Launch file included. */
  files: 5e3,
  releases: 1e3,
  patchesPerRelease: 32,
  metadataSizeBytes: 4096,
  targetingSizeBytes: 4096,
  targetingDepth: 8,
  pathSizeBytes: 240,
  pathSegments: 16,
  rootKeys: 64,
  /** Twice this, old keys and new, are the 32 signatures that an envelope may hold. */
  rootThreshold: 16,
  rootSteps: 32,
  indexLifetimeSeconds: 604800
};

// packages/manifest/src/paths.ts
function isReleasePath(path2) {
  if (path2.length === 0 || path2.length > LIMITS.pathSizeBytes || !/^[A-Za-z0-9._@+/-]+$/.test(path2))
    return false;
  const segments = path2.split("/");
  return segments.length <= LIMITS.pathSegments && segments.every((segment) => segment !== "" && !segment.endsWith("."));
}
function checkPathsTogether(paths) {
  const files = /* @__PURE__ */ new Set();
  const folders = /* @__PURE__ */ new Set();
  for (const path2 of paths) {
    const folded = path2.toLowerCase();
    if (files.has(folded))
      throw manifestError("ERR_DOCUMENT_PATH", `Two files are called ${path2}, capital letters aside`, {
        path: path2
      });
    files.add(folded);
    for (let at = folded.indexOf("/"); at >= 0; at = folded.indexOf("/", at + 1))
      folders.add(folded.slice(0, at));
  }
  for (const path2 of paths) {
    if (folders.has(path2.toLowerCase())) {
      throw manifestError("ERR_DOCUMENT_PATH", `${path2} is a file and a folder at once`, { path: path2 });
    }
  }
}

// packages/manifest/src/codec/text-size.ts
function textSizeBytes(text2) {
  let size = 0;
  for (let i2 = 0; i2 < text2.length; i2++) {
    const point = text2.codePointAt(i2);
    if (point >= 55296 && point <= 57343) return void 0;
    size += point < 128 ? 1 : point < 2048 ? 2 : point < 65536 ? 3 : 4;
    if (point > 65535) i2++;
  }
  return size;
}

// packages/manifest/src/codec/schemas.ts
var identifier = /* @__PURE__ */ (() => pipe(
  string(),
  regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "expected [A-Za-z0-9][A-Za-z0-9._-]{0,127}")
))();
var releaseId = /* @__PURE__ */ (() => pipe(identifier, notValue("embedded", "no release may be called embedded")))();
function line(maxSizeBytes) {
  return pipe(
    string(),
    check(
      (text2) => text2 !== "" && (textSizeBytes(text2) ?? Infinity) <= maxSizeBytes && isPrintable(text2),
      `expected one line of text, at most ${maxSizeBytes} bytes`
    )
  );
}
function isPrintable(text2) {
  for (let i2 = 0; i2 < text2.length; i2++) {
    const unit = text2.charCodeAt(i2);
    if (unit < 32 || unit === 127) return false;
  }
  return true;
}
function integer(min, max2 = Number.MAX_SAFE_INTEGER) {
  return pipe(number(), safeInteger(), minValue(min), maxValue(max2));
}
var sha2562 = /* @__PURE__ */ (() => pipe(string(), regex(/^[0-9a-f]{64}$/, "expected a SHA-256")))();
var kid = /* @__PURE__ */ (() => pipe(string(), regex(/^[0-9a-f]{32}$/, "expected a key id of 16 bytes")))();
var platform = /* @__PURE__ */ (() => picklist(["android", "ios"]))();
var path = /* @__PURE__ */ (() => pipe(
  string(),
  check(isReleasePath, "expected a relative path of [A-Za-z0-9._@+/-] without . or .. segments")
))();
var objectSize = /* @__PURE__ */ (() => integer(0, LIMITS.objectSizeBytes))();
var mediaType = /* @__PURE__ */ (() => pipe(
  string(),
  maxLength(127),
  regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/, "expected a media type in lower case")
))();
function hasOneRuntime(value) {
  return value.runtimeVersion === void 0 !== (value.binaryVersion === void 0);
}

// packages/manifest/src/codec/is-sorted.ts
function isSorted(texts) {
  return texts.every((text2, i2) => i2 === 0 || texts[i2 - 1] < text2);
}

// packages/manifest/src/documents/targeting-rule.ts
function isTargetingRule(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return weightOf(value, 0) <= LIMITS.targetingSizeBytes;
}
function weightOf(value, depth) {
  if (depth > LIMITS.targetingDepth) return Infinity;
  if (typeof value === "string") return 8 + (textSizeBytes(value) ?? Infinity);
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return 8;
  if (typeof value !== "object" || value === null) return Infinity;
  if (Array.isArray(value)) return value.reduce((sum, one) => sum + weightOf(one, depth + 1), 8);
  return Object.keys(value).reduce(
    (sum, key) => key === "__proto__" ? Infinity : sum + weightOf(key, 0) + weightOf(value[key], depth + 1),
    8
  );
}

// packages/manifest/src/documents/channel-index.ts
function patchOrder({ baseSha256Hex, format }) {
  return `${baseSha256Hex}.${format}`;
}
var CHANNEL_INDEX = /* @__PURE__ */ (() => {
  const patch = strictObject({
    baseSha256Hex: sha2562,
    format: pipe(string(), regex(/^[a-z0-9]{1,16}$/, "expected a format id")),
    sha256Hex: sha2562,
    sizeBytes: objectSize
  });
  const release = pipe(
    strictObject({
      releaseId,
      versionCode: integer(1),
      version: line(64),
      manifest: strictObject({ sha256Hex: sha2562, sizeBytes: integer(1, LIMITS.manifestSizeBytes) }),
      launchSha256Hex: sha2562,
      runtimeVersion: exactOptional(line(128)),
      binaryVersion: exactOptional(line(128)),
      status: picklist(["active", "paused", "revoked"]),
      rolloutBasisPoints: integer(0, 1e4),
      salt: line(128),
      mandatory: boolean(),
      targeting: exactOptional(custom(isTargetingRule, "expected a targeting rule")),
      retryToken: exactOptional(integer(0)),
      rollbackTo: exactOptional(identifier),
      patches: pipe(array(patch), maxLength(LIMITS.patchesPerRelease))
    }),
    check((value) => hasOneRuntime(value), "expected either runtimeVersion or binaryVersion"),
    check(
      ({ rollbackTo, status }) => rollbackTo === void 0 || status === "revoked",
      "rollbackTo is for revoked releases"
    ),
    check(
      ({ patches }) => isSorted(patches.map(patchOrder)),
      "patches are sorted by base and format, each pair once"
    )
  );
  const schema = pipe(
    strictObject({
      formatVersion: literal(1),
      project: identifier,
      app: identifier,
      platform,
      channel: identifier,
      epoch: integer(0),
      sequence: integer(1),
      issuedAtSeconds: integer(0),
      expiresAtSeconds: integer(0),
      previousSha256Hex: exactOptional(sha2562),
      releases: pipe(array(release), maxLength(LIMITS.releases))
    }),
    check(
      ({ issuedAtSeconds, expiresAtSeconds }) => expiresAtSeconds > issuedAtSeconds && expiresAtSeconds - issuedAtSeconds <= LIMITS.indexLifetimeSeconds,
      "an index lives longer than 0 s and at most 7 days"
    ),
    check(
      ({ sequence, previousSha256Hex }) => sequence === 1 === (previousSha256Hex === void 0),
      "previousSha256 is for every index but the first"
    ),
    check(
      ({ releases }) => releases.every((one, i2) => i2 === 0 || releases[i2 - 1]?.versionCode < one.versionCode),
      "releases are listed by rising versionCode"
    ),
    check(
      ({ releases }) => new Set(releases.map(({ releaseId: releaseId2 }) => releaseId2)).size === releases.length,
      "two releases have one id"
    ),
    transform(({ formatVersion: _formatVersion, ...index }) => index)
  );
  return {
    codec: record({
      formatVersion: 1,
      project: 2,
      app: 3,
      platform: 4,
      channel: 5,
      epoch: 6,
      sequence: 7,
      issuedAtSeconds: 8,
      expiresAtSeconds: 9,
      previousSha256Hex: [10, hexBytes],
      releases: [
        11,
        list(
          record({
            releaseId: 1,
            versionCode: 2,
            version: 3,
            manifest: [4, record({ sha256Hex: [1, hexBytes], sizeBytes: 2 })],
            launchSha256Hex: [5, hexBytes],
            runtimeVersion: 6,
            binaryVersion: 7,
            status: 8,
            rolloutBasisPoints: 9,
            salt: 10,
            mandatory: 11,
            targeting: [12, json],
            retryToken: 13,
            rollbackTo: 14,
            patches: [
              15,
              list(
                record({ baseSha256Hex: [1, hexBytes], sha256Hex: [2, hexBytes], sizeBytes: 3, format: 4 })
              )
            ]
          })
        )
      ]
    }),
    maxSizeBytes: LIMITS.indexSizeBytes,
    name: "channel index",
    schema
  };
})();
function parseChannelIndex(payload) {
  return parseDocument(CHANNEL_INDEX, payload);
}

// packages/manifest/src/documents/manifest.ts
var FILE_KEYS = { path: 1, sha256Hex: [2, hexBytes], sizeBytes: 3, mediaType: 4 };
var MANIFEST = /* @__PURE__ */ (() => {
  const file = { mediaType, path, sha256Hex: sha2562, sizeBytes: objectSize };
  const schema = pipe(
    strictObject({
      formatVersion: literal(1),
      project: identifier,
      app: identifier,
      platform,
      releaseId,
      versionCode: integer(1),
      version: line(64),
      runtimeVersion: exactOptional(line(128)),
      binaryVersion: exactOptional(line(128)),
      createdAtSeconds: integer(0),
      launch: strictObject({ ...file, hbcVersion: exactOptional(integer(1, 65535)) }),
      assets: pipe(
        array(strictObject({ ...file, scalePercent: exactOptional(integer(1, 1e4)) })),
        maxLength(LIMITS.files - 1),
        check((assets) => isSorted(assets.map((asset) => asset.path)), "assets are sorted by path")
      ),
      metadata: custom(
        isMetadata,
        `expected names [a-z][A-Za-z0-9_.-]{0,63} with text, ${LIMITS.metadataSizeBytes} bytes at most`
      ),
      attestation: exactOptional(strictObject({ sha256Hex: sha2562, sizeBytes: objectSize }))
    }),
    check((value) => hasOneRuntime(value), "expected either runtimeVersion or binaryVersion"),
    check(
      ({ launch, assets }) => assets.reduce((sum, asset) => sum + asset.sizeBytes, launch.sizeBytes) <= LIMITS.releaseSizeBytes,
      `a release holds at most ${LIMITS.releaseSizeBytes} bytes`
    ),
    check(({ launch }) => launch.sizeBytes > 0, "the launch file is empty"),
    transform(({ formatVersion: _formatVersion, ...manifest }) => manifest)
  );
  return {
    codec: record({
      formatVersion: 1,
      project: 2,
      app: 3,
      platform: 4,
      releaseId: 5,
      versionCode: 6,
      version: 7,
      runtimeVersion: 8,
      binaryVersion: 9,
      createdAtSeconds: 10,
      launch: [11, record({ ...FILE_KEYS, hbcVersion: 5 })],
      assets: [12, list(record({ ...FILE_KEYS, scalePercent: 5 }))],
      metadata: [13, json],
      attestation: [14, record({ sha256Hex: [1, hexBytes], sizeBytes: 2 })]
    }),
    maxSizeBytes: LIMITS.manifestSizeBytes,
    name: "manifest",
    schema
  };
})();
function parseManifest(payload) {
  const manifest = parseDocument(MANIFEST, payload);
  checkManifest(manifest);
  return manifest;
}
function checkManifest(manifest) {
  const files = [manifest.launch, ...manifest.assets];
  checkPathsTogether(files.map((file) => file.path));
  const sizes = /* @__PURE__ */ new Map();
  for (const { sha256Hex: sha256Hex2, sizeBytes } of files) {
    if ((sizes.get(sha256Hex2) ?? sizeBytes) !== sizeBytes) {
      throw manifestError("ERR_DOCUMENT_SHAPE", `manifest: object ${sha256Hex2} has two sizes`, { sha256Hex: sha256Hex2 });
    }
    sizes.set(sha256Hex2, sizeBytes);
  }
}
function isMetadata(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const members = Object.entries(value);
  return members.every(([name, text2]) => /^[a-z][A-Za-z0-9_.-]{0,63}$/.test(name) && typeof text2 === "string") && members.reduce(
    (sum, [name, text2]) => sum + name.length + (textSizeBytes(text2) ?? Infinity),
    0
  ) <= LIMITS.metadataSizeBytes;
}

// packages/manifest/src/codec/cose-key.ts
var EC2 = "a5010203262001215820";
var EC2_Y = "225820";
var OKP = "a4010103322006215820";
function coseKeyOf({ alg, raw }) {
  return alg === "ES256" ? concatBytes(hexToBytes(EC2), raw.subarray(1, 33), hexToBytes(EC2_Y), raw.subarray(33)) : concatBytes(hexToBytes(OKP), raw);
}

// packages/manifest/src/documents/trust-root.ts
var TRUST_ROOT = /* @__PURE__ */ (() => {
  const kids = pipe(
    array(kid),
    minLength(1),
    maxLength(LIMITS.rootKeys),
    check((list2) => isSorted(list2), "key ids are sorted, each once")
  );
  const single = {
    kidHexes: kids,
    threshold: literal(1, "release and index documents carry one signature: threshold 1")
  };
  const schema = pipe(
    strictObject({
      formatVersion: literal(1),
      project: identifier,
      version: integer(1),
      issuedAtSeconds: integer(0),
      expiresAtSeconds: integer(0),
      keys: pipe(array(instance(Uint8Array)), minLength(1), maxLength(LIMITS.rootKeys)),
      roles: strictObject({
        root: pipe(
          strictObject({ kidHexes: kids, threshold: integer(1, LIMITS.rootThreshold) }),
          check(
            ({ kidHexes, threshold }) => threshold <= kidHexes.length,
            "the threshold is larger than the number of root keys"
          )
        ),
        release: strictObject(single),
        index: pipe(
          array(
            strictObject({
              ...single,
              channels: exactOptional(
                pipe(
                  array(identifier),
                  minLength(1),
                  check((list2) => isSorted(list2), "channels are sorted, each once")
                )
              )
            })
          ),
          minLength(1),
          maxLength(LIMITS.rootKeys)
        )
      }),
      revokedReleaseIds: pipe(
        array(identifier),
        maxLength(LIMITS.releases),
        check((list2) => isSorted(list2), "revoked releases are sorted, each once")
      )
    }),
    check(
      ({ issuedAtSeconds, expiresAtSeconds }) => expiresAtSeconds > issuedAtSeconds,
      "a root expires after it was issued"
    ),
    transform(({ formatVersion: _formatVersion, ...root }) => root)
  );
  const role = { kidHexes: [1, list(hexBytes)], threshold: 2 };
  return {
    codec: record({
      formatVersion: 1,
      project: 2,
      version: 3,
      issuedAtSeconds: 4,
      expiresAtSeconds: 5,
      keys: [6, list(plain)],
      roles: [
        7,
        record({
          root: [1, record(role)],
          release: [2, record(role)],
          index: [3, list(record({ ...role, channels: 3 }))]
        })
      ],
      revokedReleaseIds: 8
    }),
    maxSizeBytes: LIMITS.rootSizeBytes,
    name: "trust root",
    schema
  };
})();
function parseTrustRoot(payload, algorithms) {
  return resolveKeys(parseDocument(TRUST_ROOT, payload), algorithms);
}
function resolveKeys(document, algorithms) {
  const keys = document.keys.map((bytes) => {
    const key = parsePublicKey(bytes, algorithms);
    if (!equalBytes(bytes, coseKeyOf(key))) {
      throw manifestError(
        "ERR_DOCUMENT_SHAPE",
        `trust root: key ${key.kidHex} is not spelled as a plain COSE_Key`
      );
    }
    return key;
  });
  const known = new Set(keys.map(({ kidHex }) => kidHex));
  if (!isSorted(keys.map(({ kidHex }) => kidHex)))
    throw manifestError("ERR_ROOT_ROLE", "trust root: keys are sorted by key id, each once");
  const { root, release, index } = document.roles;
  for (const { kidHexes } of [root, release, ...index]) {
    for (const kidHex of kidHexes) {
      if (!known.has(kidHex))
        throw manifestError(
          "ERR_ROOT_ROLE",
          `trust root: a role names key ${kidHex}, which is not among the keys`,
          { kidHex }
        );
    }
  }
  return { ...document, keys };
}

// packages/manifest/src/layout.ts
function objectKey(sha256Hex2) {
  return `objects/${hash(sha256Hex2)}`;
}
function patchKey(baseSha256Hex, targetSha256Hex, format) {
  if (!/^[a-z0-9]{1,16}$/.test(format)) throw new RangeError(`patchKey: format ${JSON.stringify(format)}`);
  return `patches/${hash(baseSha256Hex)}/${hash(targetSha256Hex)}.${format}`;
}
function manifestKey(sha256Hex2) {
  return `manifests/${hash(sha256Hex2)}.cose`;
}
function attestationKey(manifestSha256Hex) {
  return `attestations/${hash(manifestSha256Hex)}.sigstore.json`;
}
function indexKey(scope) {
  return `${channelPrefix(scope)}/index.cose`;
}
function indexLogPrefix(scope) {
  return `${channelPrefix(scope)}/log/`;
}
function indexLogKey(scope, { epoch, sequence }) {
  return `${indexLogPrefix(scope)}${count(epoch)}-${count(sequence)}.cose`;
}
function rootKey(version) {
  return `roots/${count(version)}.cose`;
}
function channelPrefix({ app, platform: platform2, channel: channel2 }) {
  return `channels/${part(app)}/${part(platform2)}/${part(channel2)}`;
}
function part(text2) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text2))
    throw new RangeError(`layout: ${JSON.stringify(text2)} cannot be part of a key`);
  return text2;
}
function hash(text2) {
  if (!isSha256Hex(text2)) throw new RangeError(`layout: ${JSON.stringify(text2)} is no SHA-256`);
  return text2;
}
function count(value) {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`layout: ${value} is no sequence number`);
  return String(value).padStart(10, "0");
}

// packages/manifest/src/media-types.ts
var MEDIA_TYPES = {
  channelIndex: "application/vnd.kivyx-ota.channel-index.v1+cbor",
  manifest: "application/vnd.kivyx-ota.manifest.v1+cbor",
  trustRoot: "application/vnd.kivyx-ota.trust-root.v1+cbor"
};

// packages/manifest/src/scope.ts
function scopeSubject(scope) {
  const base = `${scope.app}/${scope.platform}`;
  return "channel" in scope ? `${base}/${scope.channel}` : base;
}
function checkScope(stated, expected) {
  for (const name of ["project", "app", "platform", "channel"]) {
    const want = expected[name];
    const got = stated[name];
    if (want !== got) {
      throw manifestError(
        "ERR_DOCUMENT_SCOPE",
        `This document is for ${name} ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`,
        {
          expected: want,
          got,
          member: name
        }
      );
    }
  }
}

// packages/manifest/src/verify.ts
function verifyManifest(envelope, options2) {
  const { project, app, platform: platform2 } = options2.scope;
  return verify(envelope, MEDIA_TYPES.manifest, LIMITS.manifestSizeBytes, parseManifest, {
    keys: options2.keys,
    scope: { app, platform: platform2, project }
  });
}
function verifyChannelIndex(envelope, options2) {
  return verify(envelope, MEDIA_TYPES.channelIndex, LIMITS.indexSizeBytes, parseChannelIndex, options2);
}
function verify(envelope, type, maxSizeBytes, parse, { keys, scope }) {
  checkEnvelopeSize(envelope, maxSizeBytes);
  const { payload, claims, kidHex } = verifySign1(envelope, { keys, type });
  const document = parse(payload);
  checkClaims(claims, document.project, scopeSubject(document));
  checkScope(pickScope(document), scope);
  return { document, kidHex, payload };
}
function pickScope(document) {
  const { project, app, platform: platform2, channel: channel2 } = document;
  return channel2 === void 0 ? { app, platform: platform2, project } : { app, channel: channel2, platform: platform2, project };
}
function checkEnvelopeSize(envelope, maxPayloadSizeBytes) {
  const maxSizeBytes = maxPayloadSizeBytes + LIMITS.envelopeOverheadBytes;
  if (envelope.length > maxSizeBytes) {
    throw manifestError(
      "ERR_DOCUMENT_SIZE",
      `Envelope of ${envelope.length} bytes, at most ${maxSizeBytes}`,
      { maxSizeBytes, sizeBytes: envelope.length }
    );
  }
}
function checkClaims(claims, issuer, subject) {
  if (claims.issuer !== issuer || claims.subject !== subject) {
    throw manifestError(
      "ERR_DOCUMENT_SCOPE",
      `The claims say ${claims.issuer} ${claims.subject}, the document ${issuer} ${subject}`,
      { claims }
    );
  }
}

// packages/manifest/src/trust.ts
var ROOT_SUBJECT = "trust-root";
function keysForRole(root, role, channel2) {
  const roles = role === "release" ? [root.roles.release] : root.roles.index;
  const kids = /* @__PURE__ */ new Set();
  for (const { kidHexes, channels } of roles) {
    if (channels === void 0 || channel2 !== void 0 && channels.includes(channel2))
      kidHexes.forEach((kidHex) => kids.add(kidHex));
  }
  return root.keys.filter(({ kidHex }) => kids.has(kidHex));
}
function rootFromKeys(project, inputs, algorithms) {
  const keys = inputs.map((input) => parsePublicKey(input, algorithms));
  if (keys.length === 0) throw new RangeError("rootFromKeys: at least one key is needed");
  const kidHexes = Array.from(new Set(keys.map(({ kidHex }) => kidHex))).sort();
  const role = { kidHexes, threshold: 1 };
  return {
    expiresAtSeconds: Number.MAX_SAFE_INTEGER,
    issuedAtSeconds: 0,
    keys,
    project,
    revokedReleaseIds: [],
    roles: { index: [role], release: role, root: role },
    version: 0
  };
}
function verifyRootStep(current, envelope, algorithms) {
  checkEnvelopeSize(envelope, LIMITS.rootSizeBytes);
  const byCurrent = verifyThreshold(envelope, rootRole(current));
  const next2 = parseTrustRoot(byCurrent.payload, algorithms);
  if (next2.version !== current.version + 1) {
    throw manifestError("ERR_ROOT_VERSION", `Root version ${next2.version} cannot follow ${current.version}`, {
      current: current.version,
      next: next2.version
    });
  }
  if (next2.project !== current.project) {
    throw manifestError(
      "ERR_DOCUMENT_SCOPE",
      `This root is for project ${next2.project}, expected ${current.project}`,
      { project: next2.project }
    );
  }
  checkClaims(byCurrent.claims, next2.project, ROOT_SUBJECT);
  verifyThreshold(envelope, rootRole(next2));
  return next2;
}
function openInitialRoot(envelope, algorithms) {
  checkEnvelopeSize(envelope, LIMITS.rootSizeBytes);
  const unverifiedRoot = parseTrustRoot(readUnverifiedPayload(envelope), algorithms);
  const { claims, payload } = verifyThreshold(envelope, rootRole(unverifiedRoot));
  const root = parseTrustRoot(payload, algorithms);
  checkClaims(claims, root.project, ROOT_SUBJECT);
  return root;
}
function checkRootExpiry(root, nowSeconds) {
  if (nowSeconds >= root.expiresAtSeconds) {
    throw manifestError(
      "ERR_ROOT_EXPIRED",
      `Trust root ${root.version} expired at ${root.expiresAtSeconds}; publish the next one`,
      {
        expiresAtSeconds: root.expiresAtSeconds,
        nowSeconds
      }
    );
  }
}
function checkEpoch(index, root) {
  if (index.epoch > root.version) {
    throw manifestError(
      "ERR_ROOT_EPOCH",
      `The index is of epoch ${index.epoch}, the newest trust root is ${root.version}; publish that root first`,
      { epoch: index.epoch, rootVersion: root.version }
    );
  }
}
function rootRole(root) {
  const { kidHexes, threshold } = root.roles.root;
  return {
    keys: root.keys.filter(({ kidHex }) => kidHexes.includes(kidHex)),
    threshold,
    type: MEDIA_TYPES.trustRoot
  };
}

// packages/publisher/src/plan-bases.ts
function planBases({
  adoption,
  count: count2,
  embedded = [],
  index,
  target: target2
}) {
  checkCount("count", count2);
  const devicesOf = /* @__PURE__ */ new Map();
  for (const { devices, releaseId: releaseId2 } of adoption ?? []) {
    checkCount(`adoption of ${releaseId2}`, devices);
    devicesOf.set(releaseId2, (devicesOf.get(releaseId2) ?? 0) + devices);
  }
  const candidates = /* @__PURE__ */ new Map();
  for (const release of index?.releases ?? []) {
    if (!canReach(release, target2) || release.launchSha256Hex === target2.launchSha256Hex) continue;
    const known = candidates.get(release.launchSha256Hex);
    candidates.set(release.launchSha256Hex, {
      devices: (known?.devices ?? 0) + (devicesOf.get(release.releaseId) ?? 0),
      usable: known?.usable === true || release.status !== "revoked",
      versionCode: Math.max(known?.versionCode ?? 0, release.versionCode)
    });
  }
  const chosen = Array.from(candidates).filter(([hash2, { devices, usable }]) => (usable || devices > 0) && count2 > 0 && !embedded.includes(hash2)).sort(([, a], [, b]) => b.devices - a.devices || b.versionCode - a.versionCode).slice(0, count2).map(([sha256Hex2, { devices }]) => {
    const figure = adoption === void 0 ? {} : { devices };
    return { reason: devices > 0 ? "adopted" : "recent", sha256Hex: sha256Hex2, ...figure };
  });
  const first = Array.from(new Set(embedded)).filter((hash2) => hash2 !== target2.launchSha256Hex).map((sha256Hex2) => {
    const devices = candidates.get(sha256Hex2)?.devices;
    return {
      reason: "embedded",
      sha256Hex: sha256Hex2,
      ...adoption === void 0 || devices === void 0 ? {} : { devices }
    };
  });
  return [...first, ...chosen].slice(0, LIMITS.patchesPerRelease);
}
function canReach(release, target2) {
  return release.runtimeVersion === void 0 ? target2.binaryVersion !== void 0 : release.runtimeVersion === target2.runtimeVersion;
}
function checkCount(name, value) {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`planBases: ${name} must be a whole number of at least 0, got ${value}`);
}

// packages/core/src/sha256.ts
function sha2563(bytes) {
  return sha256(bytes);
}
function sha256Hex(bytes) {
  return bytesToHex(sha256(bytes));
}

// packages/manifest/src/sign/encode.ts
function encodeDocument(kind, document) {
  const payload = encodeCbor(documentToCbor(kind, document));
  if (payload.length > kind.maxSizeBytes) {
    throw manifestError(
      "ERR_DOCUMENT_SIZE",
      `This ${kind.name} would be ${payload.length} bytes, devices read at most ${kind.maxSizeBytes}; remove old releases, patches or metadata`,
      { maxSizeBytes: kind.maxSizeBytes, sizeBytes: payload.length }
    );
  }
  return payload;
}
function encodeManifest(manifest) {
  const payload = encodeDocument(MANIFEST, {
    ...manifest,
    assets: sortedBy(manifest.assets, ({ path: path2 }) => path2)
  });
  checkManifest(manifest);
  return payload;
}
function encodeChannelIndex(index) {
  return encodeDocument(CHANNEL_INDEX, {
    ...index,
    releases: index.releases.map((release) => ({
      ...release,
      patches: sortedBy(release.patches, patchOrder)
    }))
  });
}
function encodeTrustRoot(root) {
  const { index, release, root: rootRole2 } = root.roles;
  const document = {
    ...root,
    keys: sortedBy(root.keys, ({ kidHex }) => kidHex).map(coseKeyOf),
    revokedReleaseIds: sortedBy(root.revokedReleaseIds, (id) => id),
    roles: { index: index.map(sortedRole), release: sortedRole(release), root: sortedRole(rootRole2) }
  };
  resolveKeys(document, ALL_ALGORITHMS);
  return encodeDocument(TRUST_ROOT, document);
}
function sortedBy(list2, textOf2) {
  return [...list2].sort((a, b) => textOf2(a) < textOf2(b) ? -1 : textOf2(a) > textOf2(b) ? 1 : 0);
}
function sortedRole(role) {
  const { channels, kidHexes } = role;
  return {
    ...role,
    kidHexes: sortedBy(kidHexes, (kid2) => kid2),
    ...channels === void 0 ? {} : { channels: sortedBy(channels, (channel2) => channel2) }
  };
}

// packages/manifest/src/sign/sign-documents.ts
async function signManifest(manifest, signer) {
  const { project, app, platform: platform2 } = manifest;
  const payload = encodeManifest(manifest);
  const claims = { issuer: project, subject: scopeSubject({ app, platform: platform2, project }) };
  return { envelope: await signSign1(payload, { claims, signer, type: MEDIA_TYPES.manifest }), payload };
}
async function signChannelIndex(index, signer) {
  const { project, app, platform: platform2, channel: channel2 } = index;
  const payload = encodeChannelIndex(index);
  const claims = { issuer: project, subject: scopeSubject({ app, channel: channel2, platform: platform2, project }) };
  return { envelope: await signSign1(payload, { claims, signer, type: MEDIA_TYPES.channelIndex }), payload };
}

// packages/publisher/src/check-signers.ts
async function checkSigners(options2) {
  const { scope, signers } = options2;
  const root = trustRootOf(options2);
  for (const [role, keys] of [
    ["release", keysForRole(root, "release")],
    ["index", keysForRole(root, "index", scope.channel)]
  ]) {
    const { kidHex } = await signers[role].publicKey();
    if (!keys.some((key) => key.kidHex === kidHex)) {
      throw publishError(
        "ERR_PUBLISH_KEY",
        `The ${role} signer's key ${kidHex} is not trusted for that role; devices would refuse what it signs`,
        { details: { kidHex, role } }
      );
    }
  }
}

// packages/publisher/src/retire-releases.ts
function retirable({ releases }, keep) {
  const targets = new Set(releases.map(({ rollbackTo }) => rollbackTo));
  const isBelow = (release) => releases.some(
    (above) => above.versionCode > release.versionCode && above.runtimeVersion === release.runtimeVersion && above.binaryVersion === release.binaryVersion && above.status === "active" && above.targeting === void 0 && above.rolloutBasisPoints === 1e4
  );
  return releases.slice(0, Math.max(0, releases.length - keep)).filter((release) => release.status !== "revoked" && !targets.has(release.releaseId) && isBelow(release));
}
async function retireReleases(options2, keep) {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new RangeError(`retire: keep must be at least 1, got ${keep}`);
  await checkSigners(options2);
  const index = await changeChannel(options2, async (current) => {
    const gone = new Set(current === void 0 ? [] : retirable(current, keep));
    if (current === void 0 || gone.size === 0) return void 0;
    return { releases: current.releases.filter((release) => !gone.has(release)) };
  });
  return index;
}

// packages/publisher/src/check-index-room.ts
function checkIndexRoom(index) {
  try {
    if (index.releases.length <= LIMITS.releases) {
      encodeChannelIndex(index);
      return;
    }
  } catch (error) {
    if (!isOtaError(error, "ERR_DOCUMENT_SIZE")) throw error;
  }
  const keep = Math.min(10, Math.max(1, index.releases.length - 2));
  const count2 = retirable(index, keep).length;
  const remedy = count2 > 0 ? `${count2} of them are superseded: take them out with retire({ keep: ${keep} }) (kivyx retire --keep ${keep})` : "none of them is superseded for everybody: roll a newer one out to 100 % first, or make patches from fewer bases";
  throw publishError(
    "ERR_PUBLISH_INDEX_FULL",
    `The index would have ${index.releases.length} releases and be larger than devices read (${LIMITS.indexSizeBytes} bytes, ${LIMITS.releases} releases); ${remedy}`,
    { details: { releases: index.releases.length, retirable: count2 } }
  );
}

// packages/publisher/src/wait.ts
function wait(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

// packages/publisher/src/channel-document.ts
var MAX_ATTEMPTS = 40;
var INDEX_CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";
var LOG_CACHE_CONTROL = "public, max-age=31536000, immutable";
var CONTENT_TYPE = 'application/cose; cose-type="cose-sign1"';
function trustRootOf({ trust, scope }) {
  return "root" in trust ? trust.root : rootFromKeys(scope.project, trust.keys, ALL_ALGORITHMS);
}
async function readChannel(options2) {
  const { storage, scope } = options2;
  const stored = await storage.get(indexKey(scope), {
    maxSizeBytes: LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes
  });
  if (stored === void 0) return void 0;
  const keys = keysForRole(trustRootOf(options2), "index", scope.channel);
  const { document, payload } = verifyChannelIndex(stored.body, { keys, scope });
  return { envelope: stored.body, etag: stored.etag, index: document, payloadSha256Hex: sha256Hex(payload) };
}
async function changeChannel(options2, change, beforeSwap) {
  const { scope, signers, random, onEvent } = options2;
  checkCanSwap(options2);
  const root = trustRootOf(options2);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const current = await readChannel(options2);
    if (current !== void 0 && await options2.storage.head(indexLogKey(scope, current.index)) === void 0)
      await writeLog(options2, current.index, current.envelope);
    if (current !== void 0) checkEpoch(current.index, root);
    const changed = await change(current?.index);
    if (changed === void 0) return current?.index;
    const next2 = nextIndex(
      options2,
      {
        releases: changed.releases,
        sequence: (current?.index.sequence ?? 0) + 1,
        ...current === void 0 ? {} : { previousSha256Hex: current.payloadSha256Hex }
      },
      current?.index.issuedAtSeconds
    );
    checkIndexRoom(next2);
    const { envelope } = await signChannelIndex(next2, signers.index);
    beforeSwap?.();
    if (await writeIndex(options2, next2, envelope, current?.etag)) return next2;
    onEvent?.({ attempt, type: "race-lost" });
    const spread = (random.bytes(1)[0] + 1) / 256;
    await (options2.sleep ?? wait)(spread * Math.min(2e3, 20 * 2 ** Math.min(attempt, 7)));
  }
  throw publishError(
    "ERR_PUBLISH_CONTENTION",
    `Lost ${MAX_ATTEMPTS} races for ${indexKey(scope)}; try again when fewer publish at once`,
    { retryable: true }
  );
}
function checkCanSwap({ storage }) {
  if (storage.capabilities.conditionalWrites) return;
  throw publishError(
    "ERR_PUBLISH_NO_CONDITIONAL_WRITES",
    `The storage ${storage.name} cannot write conditionally: two publishers at once would lose a release. Wrap it in withLock().`
  );
}
function nextIndex(options2, content, notBeforeSeconds = 0) {
  const { app, channel: channel2, platform: platform2, project } = options2.scope;
  const issuedAtSeconds = Math.max(Math.floor(options2.clock.nowMs() / 1e3), notBeforeSeconds);
  return {
    app,
    channel: channel2,
    epoch: trustRootOf(options2).version,
    expiresAtSeconds: issuedAtSeconds + (options2.indexLifetimeSeconds ?? LIMITS.indexLifetimeSeconds),
    issuedAtSeconds,
    platform: platform2,
    project,
    ...content
  };
}
async function writeIndex(options2, index, envelope, etag) {
  const { written } = await options2.storage.put(indexKey(options2.scope), envelope, {
    ...etag === void 0 ? { ifAbsent: true } : { ifMatch: etag },
    cacheControl: INDEX_CACHE_CONTROL,
    contentType: CONTENT_TYPE
  });
  if (!written) return false;
  await writeLog(options2, index, envelope);
  options2.onEvent?.({ sequence: index.sequence, type: "index" });
  return true;
}
async function writeLog({ storage, scope }, index, envelope) {
  await storage.put(indexLogKey(scope, index), envelope, {
    cacheControl: LOG_CACHE_CONTROL,
    contentType: CONTENT_TYPE,
    ifAbsent: true
  });
}

// packages/delta/src/byte-reader.ts
function createByteReader(bytes) {
  let at = 0;
  const byte = () => {
    if (at >= bytes.length) throw deltaError("ERR_DELTA_CORRUPT", `The patch ends too early, at byte ${at}`);
    return bytes[at++];
  };
  const varint = () => {
    let value = 0;
    let scale = 1;
    for (let i2 = 0; i2 < 8; i2++) {
      const next2 = byte();
      value += (next2 & 127) * scale;
      if (next2 < 128) {
        if (next2 === 0 && i2 > 0 || value > 9007199254740991) break;
        return value;
      }
      scale *= 128;
    }
    throw deltaError("ERR_DELTA_CORRUPT", `Malformed number before byte ${at}`);
  };
  return {
    byte,
    left: () => bytes.length - at,
    signedVarint: () => {
      const coded = varint();
      return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    },
    take: (length) => {
      if (length > bytes.length - at)
        throw deltaError(
          "ERR_DELTA_CORRUPT",
          `The patch ends too early: ${length} bytes wanted, ${bytes.length - at} left`
        );
      at += length;
      return bytes.subarray(at - length, at);
    },
    varint
  };
}

// packages/delta/src/byte-writer.ts
function createByteWriter() {
  let buffer = new Uint8Array(1024);
  let length = 0;
  const reserve = (more) => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer);
    buffer = larger;
  };
  const byte = (value) => {
    reserve(1);
    buffer[length++] = value;
  };
  const varint = (value) => {
    let rest = value;
    while (rest >= 128) {
      byte(rest % 128 | 128);
      rest = Math.floor(rest / 128);
    }
    byte(rest);
  };
  return {
    byte,
    bytes: (value) => {
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    finish: () => buffer.slice(0, length),
    signedVarint: (value) => varint(value >= 0 ? value * 2 : -value * 2 - 1),
    varint
  };
}

// packages/delta/src/container.ts
var HASH_PREFIX_BYTES = 4;
var MAGIC2 = [75, 86, 80];
var FORMATS = { 1: "kvd1", 2: "kvh1", 3: "kvm1" };
function readContainer(patch) {
  if (!MAGIC2.every((byte, i2) => patch[i2] === byte))
    throw deltaError("ERR_DELTA_FORMAT", "This is not a Kivyx patch (it does not begin with KVP)");
  const reader = createByteReader(patch.subarray(MAGIC2.length));
  const number2 = reader.byte();
  const format = FORMATS[number2];
  if (format === void 0)
    throw deltaError("ERR_DELTA_UNKNOWN_FORMAT", `Patch format ${number2} is not known here`, { number: number2 });
  const basePrefixHex = bytesToHex(reader.take(HASH_PREFIX_BYTES));
  const targetPrefixHex = bytesToHex(reader.take(HASH_PREFIX_BYTES));
  const baseSizeBytes = reader.varint();
  const targetSizeBytes = baseSizeBytes + reader.signedVarint();
  if (targetSizeBytes < 0)
    throw deltaError("ERR_DELTA_CORRUPT", "The patch says that its target has less than no bytes");
  return {
    body: reader.take(reader.left()),
    header: { basePrefixHex, baseSizeBytes, format, targetPrefixHex, targetSizeBytes }
  };
}
function writeContainer(header, body) {
  const number2 = Object.keys(FORMATS).find((key) => FORMATS[Number(key)] === header.format);
  if (number2 === void 0) throw new RangeError(`writeContainer: no format ${header.format}`);
  const writer = createByteWriter();
  for (const byte of MAGIC2) writer.byte(byte);
  writer.byte(Number(number2));
  writer.bytes(hexToBytes(header.basePrefixHex));
  writer.bytes(hexToBytes(header.targetPrefixHex));
  writer.varint(header.baseSizeBytes);
  writer.signedVarint(header.targetSizeBytes - header.baseSizeBytes);
  return concatBytes(writer.finish(), body);
}

// node_modules/.pnpm/fflate@0.8.3/node_modules/fflate/esm/index.mjs
var import_module = require("module");
var require2 = (0, import_module.createRequire)("/");
var _a;
var Worker;
var isMarkedAsUntransferable;
try {
  _a = require2("worker_threads"), Worker = _a.Worker, isMarkedAsUntransferable = _a.isMarkedAsUntransferable;
} catch (e) {
}
var u8 = Uint8Array;
var u16 = Uint16Array;
var i32 = Int32Array;
var fleb = new u8([
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0,
  /* unused */
  0,
  0,
  /* impossible */
  0
]);
var fdeb = new u8([
  0,
  0,
  0,
  0,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  5,
  6,
  6,
  7,
  7,
  8,
  8,
  9,
  9,
  10,
  10,
  11,
  11,
  12,
  12,
  13,
  13,
  /* unused */
  0,
  0
]);
var clim = new u8([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
var freb = function(eb, start) {
  var b = new u16(31);
  for (var i2 = 0; i2 < 31; ++i2) {
    b[i2] = start += 1 << eb[i2 - 1];
  }
  var r = new i32(b[30]);
  for (var i2 = 1; i2 < 30; ++i2) {
    for (var j = b[i2]; j < b[i2 + 1]; ++j) {
      r[j] = j - b[i2] << 5 | i2;
    }
  }
  return { b, r };
};
var _a = freb(fleb, 2);
var fl = _a.b;
var revfl = _a.r;
fl[28] = 258, revfl[258] = 28;
var _b = freb(fdeb, 0);
var fd = _b.b;
var revfd = _b.r;
var rev = new u16(32768);
for (i = 0; i < 32768; ++i) {
  x = (i & 43690) >> 1 | (i & 21845) << 1;
  x = (x & 52428) >> 2 | (x & 13107) << 2;
  x = (x & 61680) >> 4 | (x & 3855) << 4;
  rev[i] = ((x & 65280) >> 8 | (x & 255) << 8) >> 1;
}
var x;
var i;
var hMap = (function(cd, mb, r) {
  var s = cd.length;
  var i2 = 0;
  var l = new u16(mb);
  for (; i2 < s; ++i2) {
    if (cd[i2])
      ++l[cd[i2] - 1];
  }
  var le = new u16(mb);
  for (i2 = 1; i2 < mb; ++i2) {
    le[i2] = le[i2 - 1] + l[i2 - 1] << 1;
  }
  var co;
  if (r) {
    co = new u16(1 << mb);
    var rvb = 15 - mb;
    for (i2 = 0; i2 < s; ++i2) {
      if (cd[i2]) {
        var sv = i2 << 4 | cd[i2];
        var r_1 = mb - cd[i2];
        var v = le[cd[i2] - 1]++ << r_1;
        for (var m = v | (1 << r_1) - 1; v <= m; ++v) {
          co[rev[v] >> rvb] = sv;
        }
      }
    }
  } else {
    co = new u16(s);
    for (i2 = 0; i2 < s; ++i2) {
      if (cd[i2]) {
        co[i2] = rev[le[cd[i2] - 1]++] >> 15 - cd[i2];
      }
    }
  }
  return co;
});
var flt = new u8(288);
for (i = 0; i < 144; ++i)
  flt[i] = 8;
var i;
for (i = 144; i < 256; ++i)
  flt[i] = 9;
var i;
for (i = 256; i < 280; ++i)
  flt[i] = 7;
var i;
for (i = 280; i < 288; ++i)
  flt[i] = 8;
var i;
var fdt = new u8(32);
for (i = 0; i < 32; ++i)
  fdt[i] = 5;
var i;
var flm = /* @__PURE__ */ hMap(flt, 9, 0);
var flrm = /* @__PURE__ */ hMap(flt, 9, 1);
var fdm = /* @__PURE__ */ hMap(fdt, 5, 0);
var fdrm = /* @__PURE__ */ hMap(fdt, 5, 1);
var max = function(a) {
  var m = a[0];
  for (var i2 = 1; i2 < a.length; ++i2) {
    if (a[i2] > m)
      m = a[i2];
  }
  return m;
};
var bits = function(d, p, m) {
  var o = p / 8 | 0;
  return (d[o] | d[o + 1] << 8) >> (p & 7) & m;
};
var bits16 = function(d, p) {
  var o = p / 8 | 0;
  return (d[o] | d[o + 1] << 8 | d[o + 2] << 16) >> (p & 7);
};
var shft = function(p) {
  return (p + 7) / 8 | 0;
};
var slc = function(v, s, e) {
  if (s == null || s < 0)
    s = 0;
  if (e == null || e > v.length)
    e = v.length;
  return new u8(v.subarray(s, e));
};
var ec = [
  "unexpected EOF",
  "invalid block type",
  "invalid length/literal",
  "invalid distance",
  "stream finished",
  "no stream handler",
  ,
  // determined by compression function
  "no callback",
  "invalid UTF-8 data",
  "extra field too long",
  "date not in range 1980-2099",
  "filename too long",
  "stream finishing",
  "invalid zip data"
  // determined by unknown compression method
];
var err = function(ind, msg, nt) {
  var e = new Error(msg || ec[ind]);
  e.code = ind;
  if (Error.captureStackTrace)
    Error.captureStackTrace(e, err);
  if (!nt)
    throw e;
  return e;
};
var inflt = function(dat, st, buf, dict) {
  var sl = dat.length, dl = dict ? dict.length : 0;
  if (!sl || st.f && !st.l)
    return buf || new u8(0);
  var noBuf = !buf;
  var resize = noBuf || st.i != 2;
  var noSt = st.i;
  if (noBuf)
    buf = new u8(sl * 3);
  var cbuf = function(l2) {
    var bl = buf.length;
    if (l2 > bl) {
      var nbuf = new u8(Math.max(bl * 2, l2));
      nbuf.set(buf);
      buf = nbuf;
    }
  };
  var final = st.f || 0, pos = st.p || 0, bt = st.b || 0, lm = st.l, dm = st.d, lbt = st.m, dbt = st.n;
  var tbts = sl * 8;
  do {
    if (!lm) {
      final = bits(dat, pos, 1);
      var type = bits(dat, pos + 1, 3);
      pos += 3;
      if (!type) {
        var s = shft(pos) + 4, l = dat[s - 4] | dat[s - 3] << 8, t = s + l;
        if (t > sl) {
          if (noSt)
            err(0);
          break;
        }
        if (resize)
          cbuf(bt + l);
        buf.set(dat.subarray(s, t), bt);
        st.b = bt += l, st.p = pos = t * 8, st.f = final;
        continue;
      } else if (type == 1)
        lm = flrm, dm = fdrm, lbt = 9, dbt = 5;
      else if (type == 2) {
        var hLit = bits(dat, pos, 31) + 257, hcLen = bits(dat, pos + 10, 15) + 4;
        var tl = hLit + bits(dat, pos + 5, 31) + 1;
        pos += 14;
        var ldt = new u8(tl);
        var clt = new u8(19);
        for (var i2 = 0; i2 < hcLen; ++i2) {
          clt[clim[i2]] = bits(dat, pos + i2 * 3, 7);
        }
        pos += hcLen * 3;
        var clb = max(clt), clbmsk = (1 << clb) - 1;
        var clm = hMap(clt, clb, 1);
        for (var i2 = 0; i2 < tl; ) {
          var r = clm[bits(dat, pos, clbmsk)];
          pos += r & 15;
          var s = r >> 4;
          if (s < 16) {
            ldt[i2++] = s;
          } else {
            var c = 0, n = 0;
            if (s == 16)
              n = 3 + bits(dat, pos, 3), pos += 2, c = ldt[i2 - 1];
            else if (s == 17)
              n = 3 + bits(dat, pos, 7), pos += 3;
            else if (s == 18)
              n = 11 + bits(dat, pos, 127), pos += 7;
            while (n--)
              ldt[i2++] = c;
          }
        }
        var lt = ldt.subarray(0, hLit), dt = ldt.subarray(hLit);
        lbt = max(lt);
        dbt = max(dt);
        lm = hMap(lt, lbt, 1);
        dm = hMap(dt, dbt, 1);
      } else
        err(1);
      if (pos > tbts) {
        if (noSt)
          err(0);
        break;
      }
    }
    if (resize)
      cbuf(bt + 131072);
    var lms = (1 << lbt) - 1, dms = (1 << dbt) - 1;
    var lpos = pos;
    for (; ; lpos = pos) {
      var c = lm[bits16(dat, pos) & lms], sym = c >> 4;
      pos += c & 15;
      if (pos > tbts) {
        if (noSt)
          err(0);
        break;
      }
      if (!c)
        err(2);
      if (sym < 256)
        buf[bt++] = sym;
      else if (sym == 256) {
        lpos = pos, lm = null;
        break;
      } else {
        var add2 = sym - 254;
        if (sym > 264) {
          var i2 = sym - 257, b = fleb[i2];
          add2 = bits(dat, pos, (1 << b) - 1) + fl[i2];
          pos += b;
        }
        var d = dm[bits16(dat, pos) & dms], dsym = d >> 4;
        if (!d)
          err(3);
        pos += d & 15;
        var dt = fd[dsym];
        if (dsym > 3) {
          var b = fdeb[dsym];
          dt += bits16(dat, pos) & (1 << b) - 1, pos += b;
        }
        if (pos > tbts) {
          if (noSt)
            err(0);
          break;
        }
        if (resize)
          cbuf(bt + 131072);
        var end = bt + add2;
        if (bt < dt) {
          var shift = dl - dt, dend = Math.min(dt, end);
          if (shift + bt < 0)
            err(3);
          for (; bt < dend; ++bt)
            buf[bt] = dict[shift + bt];
        }
        for (; bt < end; ++bt)
          buf[bt] = buf[bt - dt];
      }
    }
    st.l = lm, st.p = lpos, st.b = bt, st.f = final;
    if (lm)
      final = 1, st.m = lbt, st.d = dm, st.n = dbt;
  } while (!final);
  return bt != buf.length && noBuf ? slc(buf, 0, bt) : buf.subarray(0, bt);
};
var wbits = function(d, p, v) {
  v <<= p & 7;
  var o = p / 8 | 0;
  d[o] |= v;
  d[o + 1] |= v >> 8;
};
var wbits16 = function(d, p, v) {
  v <<= p & 7;
  var o = p / 8 | 0;
  d[o] |= v;
  d[o + 1] |= v >> 8;
  d[o + 2] |= v >> 16;
};
var hTree = function(d, mb) {
  var t = [];
  for (var i2 = 0; i2 < d.length; ++i2) {
    if (d[i2])
      t.push({ s: i2, f: d[i2] });
  }
  var s = t.length;
  var t2 = t.slice();
  if (!s)
    return { t: et, l: 0 };
  if (s == 1) {
    var v = new u8(t[0].s + 1);
    v[t[0].s] = 1;
    return { t: v, l: 1 };
  }
  t.sort(function(a, b) {
    return a.f - b.f;
  });
  t.push({ s: -1, f: 25001 });
  var l = t[0], r = t[1], i0 = 0, i1 = 1, i22 = 2;
  t[0] = { s: -1, f: l.f + r.f, l, r };
  while (i1 != s - 1) {
    l = t[t[i0].f < t[i22].f ? i0++ : i22++];
    r = t[i0 != i1 && t[i0].f < t[i22].f ? i0++ : i22++];
    t[i1++] = { s: -1, f: l.f + r.f, l, r };
  }
  var maxSym = t2[0].s;
  for (var i2 = 1; i2 < s; ++i2) {
    if (t2[i2].s > maxSym)
      maxSym = t2[i2].s;
  }
  var tr = new u16(maxSym + 1);
  var mbt = ln(t[i1 - 1], tr, 0);
  if (mbt > mb) {
    var i2 = 0, dt = 0;
    var lft = mbt - mb, cst = 1 << lft;
    t2.sort(function(a, b) {
      return tr[b.s] - tr[a.s] || a.f - b.f;
    });
    for (; i2 < s; ++i2) {
      var i2_1 = t2[i2].s;
      if (tr[i2_1] > mb) {
        dt += cst - (1 << mbt - tr[i2_1]);
        tr[i2_1] = mb;
      } else
        break;
    }
    dt >>= lft;
    while (dt > 0) {
      var i2_2 = t2[i2].s;
      if (tr[i2_2] < mb)
        dt -= 1 << mb - tr[i2_2]++ - 1;
      else
        ++i2;
    }
    for (; i2 >= 0 && dt; --i2) {
      var i2_3 = t2[i2].s;
      if (tr[i2_3] == mb) {
        --tr[i2_3];
        ++dt;
      }
    }
    mbt = mb;
  }
  return { t: new u8(tr), l: mbt };
};
var ln = function(n, l, d) {
  return n.s == -1 ? Math.max(ln(n.l, l, d + 1), ln(n.r, l, d + 1)) : l[n.s] = d;
};
var lc = function(c) {
  var s = c.length;
  while (s && !c[--s])
    ;
  var cl = new u16(++s);
  var cli = 0, cln = c[0], cls = 1;
  var w = function(v) {
    cl[cli++] = v;
  };
  for (var i2 = 1; i2 <= s; ++i2) {
    if (c[i2] == cln && i2 != s)
      ++cls;
    else {
      if (!cln && cls > 2) {
        for (; cls > 138; cls -= 138)
          w(32754);
        if (cls > 2) {
          w(cls > 10 ? cls - 11 << 5 | 28690 : cls - 3 << 5 | 12305);
          cls = 0;
        }
      } else if (cls > 3) {
        w(cln), --cls;
        for (; cls > 6; cls -= 6)
          w(8304);
        if (cls > 2)
          w(cls - 3 << 5 | 8208), cls = 0;
      }
      while (cls--)
        w(cln);
      cls = 1;
      cln = c[i2];
    }
  }
  return { c: cl.subarray(0, cli), n: s };
};
var clen = function(cf, cl) {
  var l = 0;
  for (var i2 = 0; i2 < cl.length; ++i2)
    l += cf[i2] * cl[i2];
  return l;
};
var wfblk = function(out, pos, dat) {
  var s = dat.length;
  var o = shft(pos + 2);
  out[o] = s & 255;
  out[o + 1] = s >> 8;
  out[o + 2] = out[o] ^ 255;
  out[o + 3] = out[o + 1] ^ 255;
  for (var i2 = 0; i2 < s; ++i2)
    out[o + i2 + 4] = dat[i2];
  return (o + 4 + s) * 8;
};
var wblk = function(dat, out, final, syms, lf, df, eb, li, bs, bl, p) {
  wbits(out, p++, final);
  ++lf[256];
  var _a2 = hTree(lf, 15), dlt = _a2.t, mlb = _a2.l;
  var _b2 = hTree(df, 15), ddt = _b2.t, mdb = _b2.l;
  var _c = lc(dlt), lclt = _c.c, nlc = _c.n;
  var _d = lc(ddt), lcdt = _d.c, ndc = _d.n;
  var lcfreq = new u16(19);
  for (var i2 = 0; i2 < lclt.length; ++i2)
    ++lcfreq[lclt[i2] & 31];
  for (var i2 = 0; i2 < lcdt.length; ++i2)
    ++lcfreq[lcdt[i2] & 31];
  var _e = hTree(lcfreq, 7), lct = _e.t, mlcb = _e.l;
  var nlcc = 19;
  for (; nlcc > 4 && !lct[clim[nlcc - 1]]; --nlcc)
    ;
  var flen = bl + 5 << 3;
  var ftlen = clen(lf, flt) + clen(df, fdt) + eb;
  var dtlen = clen(lf, dlt) + clen(df, ddt) + eb + 14 + 3 * nlcc + clen(lcfreq, lct) + 2 * lcfreq[16] + 3 * lcfreq[17] + 7 * lcfreq[18];
  if (bs >= 0 && flen <= ftlen && flen <= dtlen)
    return wfblk(out, p, dat.subarray(bs, bs + bl));
  var lm, ll, dm, dl;
  wbits(out, p, 1 + (dtlen < ftlen)), p += 2;
  if (dtlen < ftlen) {
    lm = hMap(dlt, mlb, 0), ll = dlt, dm = hMap(ddt, mdb, 0), dl = ddt;
    var llm = hMap(lct, mlcb, 0);
    wbits(out, p, nlc - 257);
    wbits(out, p + 5, ndc - 1);
    wbits(out, p + 10, nlcc - 4);
    p += 14;
    for (var i2 = 0; i2 < nlcc; ++i2)
      wbits(out, p + 3 * i2, lct[clim[i2]]);
    p += 3 * nlcc;
    var lcts = [lclt, lcdt];
    for (var it2 = 0; it2 < 2; ++it2) {
      var clct = lcts[it2];
      for (var i2 = 0; i2 < clct.length; ++i2) {
        var len = clct[i2] & 31;
        wbits(out, p, llm[len]), p += lct[len];
        if (len > 15)
          wbits(out, p, clct[i2] >> 5 & 127), p += clct[i2] >> 12;
      }
    }
  } else {
    lm = flm, ll = flt, dm = fdm, dl = fdt;
  }
  for (var i2 = 0; i2 < li; ++i2) {
    var sym = syms[i2];
    if (sym > 255) {
      var len = sym >> 18 & 31;
      wbits16(out, p, lm[len + 257]), p += ll[len + 257];
      if (len > 7)
        wbits(out, p, sym >> 23 & 31), p += fleb[len];
      var dst = sym & 31;
      wbits16(out, p, dm[dst]), p += dl[dst];
      if (dst > 3)
        wbits16(out, p, sym >> 5 & 8191), p += fdeb[dst];
    } else {
      wbits16(out, p, lm[sym]), p += ll[sym];
    }
  }
  wbits16(out, p, lm[256]);
  return p + ll[256];
};
var deo = /* @__PURE__ */ new i32([65540, 131080, 131088, 131104, 262176, 1048704, 1048832, 2114560, 2117632]);
var et = /* @__PURE__ */ new u8(0);
var dflt = function(dat, lvl, plvl, pre, post, st) {
  var s = st.z || dat.length;
  var o = new u8(pre + s + 5 * (1 + Math.ceil(s / 7e3)) + post);
  var w = o.subarray(pre, o.length - post);
  var lst = st.l;
  var pos = (st.r || 0) & 7;
  if (lvl) {
    if (pos)
      w[0] = st.r >> 3;
    var opt = deo[lvl - 1];
    var n = opt >> 13, c = opt & 8191;
    var msk_1 = (1 << plvl) - 1;
    var prev = st.p || new u16(32768), head = st.h || new u16(msk_1 + 1);
    var bs1_1 = Math.ceil(plvl / 3), bs2_1 = 2 * bs1_1;
    var hsh = function(i3) {
      return (dat[i3] ^ dat[i3 + 1] << bs1_1 ^ dat[i3 + 2] << bs2_1) & msk_1;
    };
    var syms = new i32(25e3);
    var lf = new u16(288), df = new u16(32);
    var lc_1 = 0, eb = 0, i2 = st.i || 0, li = 0, wi = st.w || 0, bs = 0;
    for (; i2 + 2 < s; ++i2) {
      var hv = hsh(i2);
      var imod = i2 & 32767, pimod = head[hv];
      prev[imod] = pimod;
      head[hv] = imod;
      if (wi <= i2) {
        var rem = s - i2;
        if ((lc_1 > 7e3 || li > 24576) && (rem > 423 || !lst)) {
          pos = wblk(dat, w, 0, syms, lf, df, eb, li, bs, i2 - bs, pos);
          li = lc_1 = eb = 0, bs = i2;
          for (var j = 0; j < 286; ++j)
            lf[j] = 0;
          for (var j = 0; j < 30; ++j)
            df[j] = 0;
        }
        var l = 2, d = 0, ch_1 = c, dif = imod - pimod & 32767;
        if (rem > 2 && hv == hsh(i2 - dif)) {
          var maxn = Math.min(n, rem) - 1;
          var maxd = Math.min(32767, i2);
          var ml = Math.min(258, rem);
          while (dif <= maxd && --ch_1 && imod != pimod) {
            if (dat[i2 + l] == dat[i2 + l - dif]) {
              var nl = 0;
              for (; nl < ml && dat[i2 + nl] == dat[i2 + nl - dif]; ++nl)
                ;
              if (nl > l) {
                l = nl, d = dif;
                if (nl > maxn)
                  break;
                var mmd = Math.min(dif, nl - 2);
                var md = 0;
                for (var j = 0; j < mmd; ++j) {
                  var ti = i2 - dif + j & 32767;
                  var pti = prev[ti];
                  var cd = ti - pti & 32767;
                  if (cd > md)
                    md = cd, pimod = ti;
                }
              }
            }
            imod = pimod, pimod = prev[imod];
            dif += imod - pimod & 32767;
          }
        }
        if (d) {
          syms[li++] = 268435456 | revfl[l] << 18 | revfd[d];
          var lin = revfl[l] & 31, din = revfd[d] & 31;
          eb += fleb[lin] + fdeb[din];
          ++lf[257 + lin];
          ++df[din];
          wi = i2 + l;
          ++lc_1;
        } else {
          syms[li++] = dat[i2];
          ++lf[dat[i2]];
        }
      }
    }
    for (i2 = Math.max(i2, wi); i2 < s; ++i2) {
      syms[li++] = dat[i2];
      ++lf[dat[i2]];
    }
    pos = wblk(dat, w, lst, syms, lf, df, eb, li, bs, i2 - bs, pos);
    if (!lst) {
      st.r = pos & 7 | w[pos / 8 | 0] << 3;
      pos -= 7;
      st.h = head, st.p = prev, st.i = i2, st.w = wi;
    }
  } else {
    for (var i2 = st.w || 0; i2 < s + lst; i2 += 65535) {
      var e = i2 + 65535;
      if (e >= s) {
        w[pos / 8 | 0] = lst;
        e = s;
      }
      pos = wfblk(w, pos + 1, dat.subarray(i2, e));
    }
    st.i = s;
  }
  return slc(o, 0, pre + shft(pos) + post);
};
var dopt = function(dat, opt, pre, post, st) {
  if (!st) {
    st = { l: 1 };
    if (opt.dictionary) {
      var dict = opt.dictionary.subarray(-32768);
      var newDat = new u8(dict.length + dat.length);
      newDat.set(dict);
      newDat.set(dat, dict.length);
      dat = newDat;
      st.w = dict.length;
    }
  }
  return dflt(dat, opt.level == null ? 6 : opt.level, opt.mem == null ? st.l ? Math.ceil(Math.max(8, Math.min(13, Math.log(dat.length))) * 1.5) : 20 : 12 + opt.mem, pre, post, st);
};
function deflateSync(data, opts) {
  return dopt(data, opts || {}, 0, 0);
}
var Inflate = /* @__PURE__ */ (function() {
  function Inflate2(opts, cb) {
    if (typeof opts == "function")
      cb = opts, opts = {};
    this.ondata = cb;
    var dict = opts && opts.dictionary && opts.dictionary.subarray(-32768);
    this.s = { i: 0, b: dict ? dict.length : 0 };
    this.o = new u8(32768);
    this.p = new u8(0);
    if (dict)
      this.o.set(dict);
  }
  Inflate2.prototype.e = function(c) {
    if (!this.ondata)
      err(5);
    if (this.d)
      err(4);
    if (!this.p.length)
      this.p = c;
    else if (c.length) {
      var n = new u8(this.p.length + c.length);
      n.set(this.p), n.set(c, this.p.length), this.p = n;
    }
  };
  Inflate2.prototype.c = function(final) {
    this.s.i = +(this.d = final || false);
    var bts = this.s.b;
    var dt = inflt(this.p, this.s, this.o);
    this.ondata(slc(dt, bts, this.s.b), this.d);
    this.o = slc(dt, this.s.b - 32768), this.s.b = this.o.length;
    this.p = slc(this.p, this.s.p / 8 | 0), this.s.p &= 7;
  };
  Inflate2.prototype.push = function(chunk, final) {
    this.e(chunk), this.c(final);
  };
  return Inflate2;
})();
var td = typeof TextDecoder != "undefined" && /* @__PURE__ */ new TextDecoder();
var tds = 0;
try {
  td.decode(et, { stream: true });
  tds = 1;
} catch (e) {
}

// packages/delta/src/generic/decode.ts
var SLICE_STEPS = 1024;
var PIECE_BYTES = 512;
function* decodeGeneric(base, body, targetSizeBytes) {
  const reader = createByteReader(body);
  const steps = createByteReader(yield* readStream(reader, 24 * targetSizeBytes + 24));
  const places = createByteReader(yield* readStream(reader, 5 * targetSizeBytes + 5));
  const differences = yield* readStream(reader, targetSizeBytes);
  const extra = createByteReader(yield* readStream(reader, targetSizeBytes));
  mustHold(reader.left() === 0, "its end");
  const target2 = new Uint8Array(targetSizeBytes);
  let at = 0;
  let from = 0;
  let nextDifference = differences.length > 0 ? places.varint() : Number.POSITIVE_INFINITY;
  let used = 0;
  let moved = false;
  let worked = 0;
  while (steps.left() > 0) {
    const addLength = steps.varint();
    const extraLength = steps.varint();
    const seek = steps.signedVarint();
    mustHold(addLength + extraLength > 0 || at === 0 && !moved, "steps");
    mustHold(addLength + extraLength <= targetSizeBytes - at, "steps");
    mustHold(from >= 0 && from + addLength <= base.length, "steps");
    target2.set(base.subarray(from, from + addLength), at);
    let done = 0;
    while (nextDifference < addLength - done) {
      done += nextDifference;
      target2[at + done] = target2[at + done] + differences[used++] & 255;
      done += 1;
      nextDifference = used < differences.length ? places.varint() : Number.POSITIVE_INFINITY;
    }
    nextDifference -= addLength - done;
    at += addLength;
    target2.set(extra.take(extraLength), at);
    at += extraLength;
    from += addLength + seek;
    moved = true;
    if (++worked % SLICE_STEPS === 0) yield at / targetSizeBytes;
  }
  mustHold(at === targetSizeBytes && extra.left() + places.left() === 0, "size");
  mustHold(used === differences.length, "differences");
  return target2;
}
function* readStream(reader, maxSizeBytes) {
  const rawSize = reader.varint();
  const packedSize = reader.varint();
  if (rawSize > maxSizeBytes)
    throw deltaError(
      "ERR_DELTA_LIMIT",
      `A stream claims ${rawSize} bytes, at most ${maxSizeBytes} make sense`
    );
  return packedSize === 0 ? reader.take(rawSize) : yield* inflate(reader.take(packedSize), rawSize);
}
function* inflate(packed, size) {
  const out = new Uint8Array(size);
  let filled = 0;
  let ended = false;
  const stream = new Inflate((chunk, final) => {
    if (chunk.length > size - filled) throw new RangeError("more than declared");
    out.set(chunk, filled);
    filled += chunk.length;
    ended = ended || final;
  });
  for (let at = 0; at < packed.length; at += PIECE_BYTES) {
    try {
      stream.push(packed.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= packed.length);
    } catch (error) {
      throw deltaError("ERR_DELTA_CORRUPT", `The patch is damaged: ${String(error)}`);
    }
    yield 0.1;
  }
  mustHold(ended && filled === size, "stream");
  return out;
}

// packages/delta/src/hermes/reference-maps.ts
function mapped(map, index) {
  const to = map[index];
  return to >= 0 ? to : index;
}
function isIdentity(map) {
  for (let i2 = 0; i2 < map.length; i2++) if (map[i2] >= 0 && map[i2] !== i2) return false;
  return true;
}

// packages/delta/src/hermes/body-predictor.ts
var NONE = /* @__PURE__ */ new Uint8Array(0);
function createBodyPredictor(old, table, maps, switchesKept2) {
  const { bytes, functions } = old;
  const { flags: flags2, offset, size } = functions.fields;
  const moduleFunction = old.header.globalCodeIndex;
  const modulesKept = isIdentity(maps.modules);
  const untouched = switchesKept2 && Array.from("sfvkopx").every((kind) => isIdentity(maps[kind]));
  const followers = untouched ? bodyFollowers(offset) : /* @__PURE__ */ new Map();
  const mapsOf = table.references.map((refs, op) => refs.map((i2) => maps[table.kinds[op][i2]]));
  const needsCare = Uint8Array.from(table.kinds, (kinds) => kinds.includes("t") ? 1 : 0);
  const instructionAt = (at, moduleIds) => {
    const instruction = readInstruction(table, bytes, at);
    const { op, values } = instruction;
    table.references[op].forEach((i2, r) => {
      values[i2] = mapped(mapsOf[op][r], values[i2]);
    });
    if (moduleIds && table.loadsInteger[op] === 1) values[1] = mapped(maps.modules, values[1]);
    instruction.op = table.families[op].find(
      (other) => table.references[other].every((i2) => operandFits(table.operands[other][i2], values[i2]))
    ) ?? op;
    return instruction;
  };
  const patched = (index) => {
    const start = offset[index];
    const end = start + size[index];
    if (index === moduleFunction && !modulesKept) return void 0;
    if (untouched) return start === end || followers.has(start) ? bytes.subarray(start, end) : void 0;
    const code = bytes.slice(start, end);
    for (let at = 0; at < code.length; ) {
      const op = code[at];
      const length = table.size[op];
      if (length === 0 || needsCare[op] !== 0) return void 0;
      const refs = table.references[op];
      for (let r = 0; r < refs.length; r++) {
        const i2 = refs[r];
        const letter = table.operands[op][i2];
        const place = at + table.offsets[op][i2];
        const before = readOperand(code, place, letter);
        const after = mapsOf[op][r][before];
        if (!(after >= 0) || after === before) continue;
        for (const other of table.families[op]) {
          const width = table.operands[other][i2];
          if (operandFits(width, before) !== operandFits(width, after)) return void 0;
        }
        writeOperand(code, place, letter, after);
      }
      at += length;
    }
    return code;
  };
  const takeApartAt = (index) => takeApart(
    old,
    table,
    index,
    (at) => instructionAt(at, index === moduleFunction),
    (id) => mapped(maps.s, id)
  );
  return {
    instructionAt,
    predict: (index) => {
      const code = patched(index);
      if (code === void 0) return assemble(table, takeApartAt(index));
      const exceptions = (flags2[index] & HAS_EXCEPTIONS) === 0 ? [] : readFunctionInfo(old, index).exceptions;
      const end = offset[index] + size[index];
      const next2 = untouched && size[index] > 0 ? followers.get(offset[index]) : end;
      return {
        code,
        exceptions,
        stringSwitches: [],
        tables: next2 > end ? bytes.subarray(align4(end), next2) : NONE
      };
    },
    takeApart: takeApartAt
  };
}
function bodyFollowers(offset) {
  const starts = offset.slice().sort();
  const followers = /* @__PURE__ */ new Map();
  for (let i2 = 0; i2 + 1 < starts.length; i2++)
    if (starts[i2] !== starts[i2 + 1]) followers.set(starts[i2], starts[i2 + 1]);
  return followers;
}

// packages/delta/src/hermes/code-history.ts
var SLICE_BYTES = 65536;
var MAX_JUMP = 400;
var NOWHERE = -1;
function* readCodeHistory(old, table, newStringIds, predictor, strings2, tableBits) {
  const { bytes } = old;
  const { family: family2, offsets, operands, size, stringOperand } = table;
  const longBits = Math.min(18, tableBits);
  const shortBits = Math.min(16, tableBits);
  const afterFour = new Int32Array(1 << longBits).fill(NOWHERE);
  const afterThree = new Int32Array(1 << shortBits).fill(NOWHERE);
  const added = [];
  let [k1, k2, k3, k4] = [0, 0, 0, 0];
  let [o1, o2, o3] = [0, 0, 0];
  let place = NOWHERE;
  let matched = 0;
  const longSlot = () => Math.imul(mix4(k1, k2, k3, k4), 2654435761) >>> 32 - longBits;
  const shortSlot = () => Math.imul(mix3(o1, o2, o3), 2654435761) >>> 32 - shortBits;
  const forget = () => {
    k1 = k2 = k3 = k4 = o1 = o2 = o3 = 0;
  };
  const pass = (at, op, name) => {
    afterFour[longSlot()] = at;
    afterThree[shortSlot()] = at;
    k4 = k3;
    k3 = k2;
    k2 = k1;
    k1 = mix(family2[op], name);
    o3 = o2;
    o2 = o1;
    o1 = family2[op];
  };
  let slice = 0;
  for (const { start, end } of functionBodies(old)) {
    slice += end - start;
    if (slice > SLICE_BYTES) {
      slice = 0;
      yield 0.3;
    }
    forget();
    strings2.restart();
    for (let at = start; at < end; ) {
      const op = bytes[at];
      if (size[op] === 0) break;
      let name = 0;
      const operand = stringOperand[op];
      if (operand >= 0) {
        const id = readOperand(bytes, at + offsets[op][operand], operands[op][operand]);
        name = mapped(newStringIds, id) + 7;
        if (newStringIds[id] >= 0) strings2.note(newStringIds[id]);
      }
      pass(at, op, name);
      at += size[op];
    }
  }
  const recall = (at) => {
    if (at < 0) return added[-2 - at];
    const op = bytes[at];
    if (at + 32 > bytes.length || size[op] === 0) return void 0;
    const operand = table.kinds[op].indexOf("j");
    let jump;
    if (operand >= 0) {
      const goal = at + readOperand(bytes, at + offsets[op][operand], operands[op][operand]);
      let steps = 0;
      let to = at;
      for (; to < goal && steps < MAX_JUMP && size[bytes[to]] > 0; steps++) to += size[bytes[to]];
      if (to === goal && steps > 0) jump = steps;
    }
    return { instruction: predictor.instructionAt(at, false), jump };
  };
  return {
    add: (instruction, jump, predicted) => {
      const { op, values } = instruction;
      const expected = predicted && place !== NOWHERE ? recall(place) : void 0;
      pass(-2 - added.length, op, stringOperand[op] >= 0 ? values[stringOperand[op]] + 7 : 0);
      added.push({ instruction, jump });
      if (expected?.instruction.op === op) {
        place = place >= 0 ? place + size[bytes[place]] : place - 1;
        matched++;
      } else {
        place = NOWHERE;
        matched = 0;
      }
    },
    predict: () => {
      if (place === NOWHERE || matched === 0) {
        place = afterFour[longSlot()];
        matched = 3;
        if (place === NOWHERE) {
          place = afterThree[shortSlot()];
          matched = 1;
        }
      }
      const found = place === NOWHERE ? void 0 : recall(place);
      if (found !== void 0) return { ...found, matched };
      place = NOWHERE;
      matched = 0;
      return void 0;
    },
    restart: () => {
      forget();
      place = NOWHERE;
      matched = 0;
    }
  };
}

// packages/delta/src/hermes/alignment.ts
function codeAlignment(coder, oldCount, count2) {
  const aligned = new Int32Array(count2).fill(-1);
  let i2 = 0;
  let from = 0;
  while (i2 < count2) {
    const run = coder.number(alignRun);
    mustHold(run <= count2 - i2 && run <= oldCount - from, "alignment");
    for (let k = 0; k < run; k++) aligned[i2++] = from++;
    if (i2 >= count2) break;
    const inserted = coder.number(alignInserted);
    const deleted = coder.number(alignDeleted + Math.min(inserted, 2));
    mustHold(inserted <= count2 - i2 && deleted <= oldCount - from && inserted + deleted > 0, "alignment");
    i2 += inserted;
    from += deleted;
  }
  return aligned;
}
function imageOf(aligned, oldCount) {
  const image = new Int32Array(oldCount + 1).fill(-1);
  for (let i2 = 0; i2 < aligned.length; i2++) if (aligned[i2] >= 0) image[aligned[i2]] = i2;
  image[oldCount] = aligned.length;
  for (let i2 = oldCount - 1; i2 >= 0; i2--) if (image[i2] < 0) image[i2] = image[i2 + 1];
  return image;
}

// packages/delta/src/hermes/cache-model.ts
var SHARED = 255;
function createCacheModel(coder) {
  const slots = [/* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
  const next2 = [0, 0];
  const predict = (side, name) => (slots[side].get(name) ?? next2[side]) & 255;
  const note = (side, name, slot) => {
    slots[side].set(name, slot);
    if (slot >= next2[side] && slot !== SHARED) next2[side] = slot + 1;
  };
  return {
    code: (side, name) => {
      let slot = predict(side, name);
      if (!coder.is(cacheSlotSame + side, slot)) {
        coder.contexts[0] = mix3(81, side, 0);
        coder.contexts[1] = mix3(82, slot, 0);
        slot = coder.symbol(8, cacheSlot + side, 2);
      }
      note(side, name, slot);
      return slot;
    },
    next: next2,
    note,
    predict
  };
}

// packages/delta/src/hermes/instruction-coder.ts
function createInstructionCoder(coder, table, strings2, literals) {
  const { contexts } = coder;
  let models = void 0;
  let [op1, op2, op3, op4] = [0, 0, 0, 0];
  const passed = (op) => {
    op4 = op3;
    op3 = op2;
    op2 = op1;
    op1 = op;
  };
  const codeOpcode = (prediction) => {
    contexts[0] = mix(41, op1);
    contexts[1] = mix3(42, op1, op2);
    contexts[2] = mix4(43, op1, op2, op3);
    contexts[3] = 48;
    if (prediction === void 0) {
      contexts[4] = 45;
      contexts[5] = mix(mix4(47, op1, op2, op3), op4);
      return coder.symbol(8, opcode, 6);
    }
    const { aligned, instruction, matched } = prediction;
    const trust = Math.min(matched, 7) + (aligned ? 8 : 0);
    contexts[4] = mix3(44, instruction.op, trust);
    contexts[5] = mix3(46, instruction.op, op1);
    return coder.symbol(8, opcode + 1 + (trust >> 2), 6);
  };
  const codeImmediate = (op, operand, letter, first, predicted, aligned) => {
    const moves = aligned && predicted !== void 0 && operand === 1 && table.loadsInteger[op] === 1;
    if (moves && coder.is(integerShift, predicted + models.integerShift))
      return predicted + models.integerShift;
    let value = 0;
    let prefix = 0;
    const place = op * 8 + operand;
    for (let i2 = operandWidth(letter) - 1; i2 >= 0; i2--) {
      contexts[0] = mix4(71, place, i2, prefix);
      contexts[1] = mix4(
        72,
        place,
        i2,
        predicted === void 0 ? 300 : (predicted >>> 8 * i2 & 255) + (aligned ? 512 : 0)
      );
      contexts[2] = mix4(73, place, i2, op1);
      contexts[3] = mix4(74, place, i2, first);
      contexts[4] = mix3(75, operand, i2);
      const set = immediate + (predicted === void 0 ? 0 : 1);
      const byte = coder.symbol(8, set, 5, (thing) => thing >>> 8 * i2 & 255);
      prefix = byte + 1;
      value = value << 8 | byte;
    }
    coder.done();
    if (letter !== "i") value >>>= 0;
    if (moves) models.integerShift = value - predicted;
    return value;
  };
  const codeDouble = (predicted) => {
    if (predicted !== void 0 && coder.flag(doubleSame)) return predicted;
    const bytes = new Uint8Array(8);
    for (let i2 = 7; i2 >= 0; i2--) {
      contexts[0] = mix(51, i2);
      contexts[1] = mix3(52, i2, i2 < 7 ? bytes[i2 + 1] : 0);
      bytes[i2] = coder.symbol(8, double, 2);
    }
    return bytes;
  };
  const codeJump = (at, prediction) => {
    let context = jumpNew;
    if (prediction?.jump !== void 0) {
      const { aligned, jump, matched } = prediction;
      const target2 = aligned ? jump : at + jump;
      if (coder.is(aligned ? jumpSame : jumpMatched + Math.min(matched, 5), target2))
        return target2;
      if (aligned) context = jumpAligned;
    }
    return coder.near(context, at);
  };
  const cacheOf = ({ op, values }) => {
    const side = table.kinds[op].includes("m") ? 1 : 0;
    const operand = table.kinds[op].search(/[cm]/);
    return operand < 0 ? void 0 : [side, operand, values[table.stringOperand[op]] * 2 + table.isTry[op]];
  };
  const code = (at, prediction) => {
    const op = codeOpcode(prediction);
    const kinds = table.kinds[op];
    const same = prediction !== void 0 && table.family[prediction.instruction.op] === table.family[op];
    const guess = same ? prediction.instruction : void 0;
    const aligned = prediction?.aligned === true;
    const ranks = Array.from(kinds, () => -1);
    const values = Array.from(kinds, () => 0);
    const result = { op, ranks, target: -1, values };
    let agreed = same;
    const first = table.writesFirst[op];
    for (let step = 0; step < kinds.length; step++) {
      const a = (step + first) % kinds.length;
      const kind = kinds[a];
      const predicted = guess?.values[a];
      const known = predicted ?? -1;
      switch (kind) {
        case "r":
          values[a] = models.registers.code({
            agreed,
            aligned,
            op,
            opBefore: op2,
            operand: a,
            predicted: known,
            predictedRank: guess?.ranks?.[a] ?? -1,
            previousOp: op1,
            writes: a === 0 && first === 1
          });
          if (values[a] !== predicted) agreed = false;
          ranks[a] = models.registers.rank();
          break;
        case "s":
          values[a] = strings2.code(known, (same ? aligned ? 4 : 2 : 0) + (agreed ? 1 : 0));
          break;
        case "f":
          values[a] = known >= 0 && aligned && coder.is(functionSame, known) ? known : coder.near(functionNext, models.lastFunction + 1);
          models.lastFunction = values[a];
          break;
        case "v":
        case "k":
        case "o":
        case "p":
        case "x":
          values[a] = literals.code(kind, result, a, known, aligned);
          break;
        case "g":
          values[a] = coder.number(bigInt);
          break;
        case "j":
          result.target = codeJump(at, same ? prediction : void 0);
          break;
        case "d":
          result.double = codeDouble(guess?.double);
          break;
        case "t":
        case "c":
        case "m":
          break;
        default:
          values[a] = codeImmediate(op, a, table.operands[op][a], values[0], predicted, aligned);
      }
    }
    const cache = cacheOf(result);
    if (cache !== void 0) values[cache[1]] = models.caches.code(cache[0], cache[2]);
    passed(op);
    return result;
  };
  return {
    begin: (next2) => {
      models = next2;
      op1 = op2 = op3 = op4 = 0;
    },
    code,
    note: (instruction, old) => {
      const { op, values } = instruction;
      Array.from(table.kinds[op]).forEach((kind, a) => {
        if (kind === "r")
          models.registers.note(values[a], old.values[a], a === 0 && table.writesFirst[op] === 1);
        else if (kind === "s") strings2.note(values[a]);
        else if (kind === "f") models.lastFunction = values[a];
      });
      const cache = cacheOf(instruction);
      if (cache !== void 0) models.caches.note(cache[0], cache[2], values[cache[1]]);
      passed(op);
    },
    placeCache: (instruction) => {
      const cache = cacheOf(instruction);
      if (cache !== void 0) instruction.values[cache[1]] = models.caches.predict(cache[0], cache[2]);
    }
  };
}

// packages/delta/src/hermes/register-model.ts
var MAX_RANK = 62;
function createRegisterModel(coder) {
  const recent = [];
  const isRead = new Uint8Array(256);
  const renames = new Int32Array(256).fill(-1);
  const { contexts } = coder;
  let newest = 255;
  let lastStep = 0;
  let lastRank = 0;
  let rank = 0;
  const note = (register2, aligned, writes) => {
    if (aligned >= 0) renames[aligned] = register2;
    const at = recent.indexOf(register2);
    if (at > 0) recent.splice(at, 1);
    if (at !== 0) recent.unshift(register2);
    isRead[register2] = writes ? 0 : 1;
  };
  const order = (writes) => {
    const likely = (register2) => isRead[register2] === 1 === writes;
    return [...recent.filter(likely), ...recent.filter((register2) => !likely(register2))];
  };
  const lowestFree = () => {
    let register2 = 0;
    while (register2 < 255 && isRead[register2] === 0 && recent.includes(register2)) register2++;
    return register2;
  };
  const search = ({ agreed, aligned, op, opBefore, operand, predictedRank, previousOp, writes }, renamed) => {
    const list2 = order(writes);
    const unread = recent.filter((register2) => isRead[register2] === 0).length;
    const free = writes ? Math.min(list2.indexOf(lowestFree()) + 1, 20) : Math.min(unread, 6);
    const renamedRank = renamed < 0 ? 32 : Math.min(list2.indexOf(renamed) + 1, 31);
    const place = op * 8 + operand;
    const side = writes ? 1 : 0;
    contexts[0] = mix3(61, place, 0);
    contexts[1] = mix3(62, place, previousOp);
    contexts[2] = mix3(63, place, lastRank);
    contexts[3] = mix4(64, place, renamedRank, aligned ? 1 : 0);
    contexts[4] = mix3(65, place, predictedRank);
    contexts[5] = mix4(66, side, free, lastRank);
    contexts[6] = mix4(67, place, previousOp * 256 + opBefore, lastRank);
    contexts[7] = mix4(68, predictedRank, renamedRank, agreed ? 1 : 0);
    contexts[8] = mix3(69, place, free);
    contexts[9] = mix4(70, side * 64 + free, renamedRank, predictedRank);
    const set = register + (renamedRank < 32 ? 4 : 0) + (predictedRank >= 0 ? 2 : 0) + side;
    lastRank = coder.symbol(6, set, 10, (register2) => list2.slice(0, MAX_RANK).indexOf(register2) + 1);
    if (lastRank > list2.length) lastRank = 0;
    rank = lastRank;
    if (rank > 0) return list2[rank - 1];
    contexts[0] = mix3(161, side, 0);
    contexts[1] = mix3(162, place, 0);
    contexts[2] = mix3(163, lastStep, 0);
    contexts[3] = mix3(164, op, previousOp);
    contexts[4] = mix3(165, list2.length, 0);
    contexts[5] = mix3(166, renamed - newest & 255, renamed < 0 ? 1 : 0);
    lastStep = coder.symbol(8, newRegister, 6, (register2) => register2 - newest & 255);
    newest = newest + lastStep & 255;
    return newest;
  };
  return {
    code: (place) => {
      const { agreed, aligned, predicted, writes } = place;
      const renamed = predicted < 0 ? -1 : renames[predicted] >= 0 ? renames[predicted] : aligned ? predicted : -1;
      let register2 = renamed;
      rank = 0;
      const context = registerSame + (agreed ? 2 : 0) + (writes ? 1 : 0);
      if (!aligned || renamed < 0 || !coder.is(context, renamed)) {
        register2 = search(place, renamed);
        coder.done();
      }
      note(register2, predicted, writes);
      return register2;
    },
    note,
    rank: () => rank,
    renamed: (old) => renames[old] >= 0 ? renames[old] : old
  };
}

// packages/delta/src/hermes/function-coder.ts
var ELSEWHERE = /^(offset|size|infoOffset|functionName|flags)$/;
var CACHE = /(read|write)Cache/i;
var MAX_INSTRUCTIONS = 4e6;
function codedFields(layout) {
  const names = layout.functionHeader.map(([name]) => name).filter((name) => !ELSEWHERE.test(name));
  return [names.filter((name) => !CACHE.test(name)), names.filter((name) => CACHE.test(name))];
}
function createFunctionCoder(coder, layout, table, strings2, literals, history, headerOf, plan) {
  const { contexts } = coder;
  const instructions = createInstructionCoder(coder, table, strings2, literals);
  const [plainFields, cacheFields] = codedFields(layout);
  let exactBefore = 0;
  const codeHeader = (old) => {
    const header = {};
    header.functionName = strings2.code(old?.functionName ?? -1, old === void 0 ? 8 : 9);
    contexts[0] = mix(91, old?.flags ?? 999);
    contexts[1] = 92;
    header.flags = coder.symbol(8, flags, 2);
    plainFields.forEach((name, f) => {
      const before = old?.[name] ?? -1;
      const registers = header.numberRegCount + header.nonPtrRegCount;
      if (before >= 0 && coder.is(fieldSame + f, before)) {
        header[name] = before;
      } else if (name === "frameSize" && registers >= 0) {
        header[name] = coder.near(frameSize, registers);
      } else {
        contexts[0] = mix(93, f);
        contexts[1] = mix3(94, f, before);
        contexts[2] = mix3(95, f, header.paramCount + 256 * (header.loopDepth ?? 0));
        const byte = coder.symbol(8, field, 3, (value) => Math.min(value, 255));
        header[name] = byte < 255 ? byte : 255 + coder.number(fieldLarge + f, (value) => value - 255);
        coder.done();
      }
    });
    return header;
  };
  const codeCacheFields = (header, used) => {
    cacheFields.forEach((name, f) => {
      const slots = used[f];
      const guess = layout.hasShapes ? slots : Math.max(slots - 1, 0);
      header[name] = coder.is(cacheSame + f, guess) ? guess : coder.number(cacheSize + f);
    });
  };
  const codeInstructions = (before, aligned, image, count2, models) => {
    history?.restart();
    instructions.begin(models);
    const list2 = [];
    for (let i2 = 0; i2 < count2; i2++) {
      const old = before?.instructions[aligned?.[i2] ?? -1];
      let guess;
      let coded;
      if (old === void 0) {
        guess = history?.predict();
        plan?.instruction(i2, guess?.instruction, false);
        coded = instructions.code(i2, guess && { ...guess, aligned: false });
      } else {
        const jump = old.target >= 0 ? image[old.target] : void 0;
        const expected = expect2(old, jump ?? -1, models);
        plan?.instruction(i2, expected, true);
        const exact = coder.flag(instructionExact + exactBefore);
        exactBefore = (exactBefore << 1 | (exact ? 1 : 0)) & 7;
        if (exact) {
          coded = expected;
          instructions.note(coded, old);
        } else {
          coded = instructions.code(i2, { aligned: true, instruction: old, jump, matched: 0 });
        }
      }
      history?.add(coded, coded.target - i2, guess !== void 0);
      list2.push(coded);
    }
    for (const { target: target2 } of list2) mustHold(target2 <= count2, "jump");
    return list2;
  };
  const expect2 = (old, target2, models) => {
    const kinds = table.kinds[old.op];
    const values = old.values.map((value, a) => kinds[a] === "r" ? models.registers.renamed(value) : value);
    const expected = { op: old.op, target: target2, values };
    if (old.double !== void 0) expected.double = old.double;
    instructions.placeCache(expected);
    return expected;
  };
  const codePlace = (context, same, known, last, count2) => {
    const place = known >= 0 && coder.is(same, known) ? known : coder.near(context, last);
    mustHold(place >= 0 && place <= count2, "jump");
    return place;
  };
  const codeSwitches = (list2, before, aligned, image) => {
    const switches = [];
    list2.forEach(({ op, values }, i2) => {
      if (!table.kinds[op].includes("t")) return;
      const keyed = table.kinds[op].includes("q");
      const count2 = switchSize(keyed, (n) => values[n]);
      mustHold(count2 >= 0 && count2 <= MAX_INSTRUCTIONS, "switch");
      const old = before?.switches.find(({ at }) => at === aligned?.[i2]);
      const entry = { at: i2, keyed, keys: [], targets: [] };
      for (let k = 0; k < count2; k++) {
        if (keyed) entry.keys.push(strings2.code(old?.keys[k] ?? -1, 10));
        const known = image[old?.targets[k] ?? -1] ?? -1;
        const last = k > 0 ? entry.targets[k - 1] : i2;
        entry.targets.push(codePlace(switchNew, switchSame, known, last, list2.length));
      }
      switches.push(entry);
    });
    return switches;
  };
  const codeExceptions = (count2, old, image) => {
    const size = coder.near(exceptionCount, old.length);
    mustHold(size >= 0 && size <= count2 + 1, "handlers");
    const exceptions = [];
    for (let i2 = 0; i2 < size; i2++) {
      const entry = [];
      for (let k = 0; k < 3; k++) {
        const known = image[old[i2]?.[k] ?? -1] ?? -1;
        const last = k > 0 ? entry[k - 1] : i2 > 0 ? exceptions[i2 - 1][0] : 0;
        entry.push(codePlace(exceptionNew + k, exceptionSame, known, last, count2));
      }
      exceptions.push(entry);
    }
    return exceptions;
  };
  return (number2, old) => {
    const made2 = old === void 0 ? 0 : 1;
    plan?.functionHeader(number2);
    const header = codeHeader(old?.header);
    if (coder.flag(bodyShared + made2)) {
      const owner = number2 - 1 - coder.number(bodySharedBack);
      mustHold(owner >= 0, "shared body");
      const other = headerOf(owner);
      codeCacheFields(
        header,
        cacheFields.map((name) => other[name] + (layout.hasShapes ? 0 : 1))
      );
      return { header, sharesBodyOf: owner };
    }
    const before = old?.code();
    const oldCount = before?.instructions.length ?? 0;
    plan?.functionCode(before);
    const count2 = coder.near(instructionCount + made2, oldCount);
    mustHold(count2 >= 0 && count2 <= MAX_INSTRUCTIONS, "instructions");
    const aligned = before && codeAlignment(coder, oldCount, count2);
    const image = aligned ? imageOf(aligned, oldCount) : new Int32Array(0);
    const models = {
      caches: createCacheModel(coder),
      integerShift: 0,
      lastFunction: number2,
      registers: createRegisterModel(coder)
    };
    const list2 = codeInstructions(before, aligned, image, count2, models);
    plan?.functionEnd();
    codeCacheFields(header, models.caches.next);
    const switches = codeSwitches(list2, before, aligned, image);
    const exceptions = (header.flags & HAS_EXCEPTIONS) === 0 ? [] : codeExceptions(count2, before?.exceptions ?? [], image);
    return { code: { exceptions, instructions: list2, switches }, header };
  };
}

// packages/delta/src/hermes/literal-model.ts
function createLiteralModel(coder, table, layout, { buffers, freshShapes, shapes }) {
  const next2 = { k: -1, o: -1, v: -1 };
  let nextFreshShape = 0;
  let nextRegExp = -1;
  const pass = (kind, op, values, offset) => {
    const shape = table.operands[op].toLowerCase().indexOf("p");
    const items = shape < 0 ? values[2] : shapes[2 * values[shape] + 1] ?? 0;
    next2[kind] = walkLiteral(layout, buffers[kind], offset, Math.min(items, 65536));
  };
  return {
    code: (kind, instruction, operand, predicted, aligned) => {
      const side = aligned ? 1 : 0;
      if (kind === "p") {
        const shape = predicted >= 0 && coder.is(shapeSame + side, predicted) ? predicted : coder.near(shapeNext, freshShapes[nextFreshShape] ?? 0);
        while (nextFreshShape < freshShapes.length && freshShapes[nextFreshShape] <= shape) nextFreshShape++;
        return shape;
      }
      if (kind === "x") {
        const id = coder.near(regExpNext, predicted >= 0 && aligned ? predicted : nextRegExp);
        nextRegExp = id + 1;
        return id;
      }
      const lane = "vko".indexOf(kind);
      const offset = predicted >= 0 && coder.is(literalSame + 2 * lane + side, predicted) ? predicted : coder.near(literalNext + lane, Math.max(next2[kind], 0));
      instruction.values[operand] = offset;
      pass(kind, instruction.op, instruction.values, offset);
      return offset;
    },
    resume: (code) => {
      let found = false;
      for (let at = 0; at < code.length && table.size[code[at]] > 0; at += table.size[code[at]]) {
        const op = code[at];
        for (const i2 of table.references[op]) {
          const letters = table.operands[op];
          const kind = operandKind(letters[i2]);
          if (kind !== "v" && kind !== "k" && kind !== "o") continue;
          const values = Array.from(
            letters,
            (letter, a) => readOperand(code, at + table.offsets[op][a], letter)
          );
          pass(kind, op, values, values[i2]);
          found = true;
        }
      }
      return found;
    }
  };
}

// packages/delta/src/hermes/functions.ts
function* codeFunctions(coder, old, table, sources, maps, strings2, literalSections, writer, plan) {
  const { layout } = old;
  const literals = createLiteralModel(coder, table, layout, literalSections);
  plan?.switchesKept();
  const kept = coder.flag(switchesKept);
  const predictor = createBodyPredictor(old, table, maps, kept);
  plan?.modified(sources, maps.s, predictor);
  const modified = codeModified(coder, sources);
  yield 0.25;
  const history = modified.includes(1) || sources.includes(-1) ? yield* readCodeHistory(old, table, maps.s, predictor, strings2, coder.tableBits) : void 0;
  const count2 = sources.length;
  const fields = {};
  for (const [name] of layout.functionHeader) fields[name] = new Uint32Array(count2);
  const { offset, size } = fields;
  const exceptions = /* @__PURE__ */ new Map();
  const firstWithBody = /* @__PURE__ */ new Map();
  const codeFunction = createFunctionCoder(
    coder,
    layout,
    table,
    strings2,
    literals,
    history,
    (number2) => headerAt(fields, number2),
    plan
  );
  let switches = 0;
  let lastCoded = -2;
  for (let j = 0; j < count2; j++) {
    if (j % 128 === 0) yield 0.4 + 0.5 * j / count2;
    const source = sources[j];
    let body;
    let shared;
    if (source >= 0 && modified[j] === 0) {
      setHeader(j, oldHeader(source));
      const key = bodyKey(offset[j], size[j]);
      shared = firstWithBody.get(key);
      if (shared === void 0) {
        firstWithBody.set(key, j);
        body = predictor.predict(source);
      }
    } else {
      if (j !== lastCoded + 1) resumeLiterals(j);
      lastCoded = j;
      const before = source < 0 ? void 0 : { code: () => predictor.takeApart(source), header: oldHeader(source) };
      const coded = codeFunction(j, before);
      setHeader(j, coded.header);
      shared = coded.sharesBodyOf;
      body = coded.code && assemble(table, coded.code);
    }
    if (body !== void 0) {
      for (const at of body.stringSwitches) {
        if (!kept) writeU32(body.code, at, switches);
        switches++;
      }
      size[j] = body.code.length;
      offset[j] = writer.body(body.code, body.tables);
      if (body.exceptions.length > 0) exceptions.set(j, body.exceptions);
    } else if (shared !== void 0) {
      size[j] = size[shared];
      offset[j] = offset[shared];
      const handlers = exceptions.get(shared);
      if (handlers !== void 0) exceptions.set(j, handlers);
    }
  }
  return { count: count2, debug: /* @__PURE__ */ new Map(), exceptions, fields };
  function resumeLiterals(j) {
    for (let i2 = j - 1; i2 >= 0 && i2 > j - 200; i2--) {
      if (literals.resume(writer.bytes.subarray(offset[i2], offset[i2] + size[i2]))) return;
    }
  }
  function oldHeader(index) {
    const header = headerAt(old.functions.fields, index);
    header.functionName = mapped(maps.s, header.functionName);
    header.flags &= ~IS_LARGE;
    return header;
  }
  function headerAt(from, index) {
    const header = {};
    for (const [name] of layout.functionHeader) header[name] = from[name][index];
    return header;
  }
  function setHeader(index, header) {
    for (const [name] of layout.functionHeader) fields[name][index] = header[name];
  }
}
function codeModified(coder, sources) {
  const matched = [];
  for (let j = 0; j < sources.length; j++) if (sources[j] >= 0) matched.push(j);
  const modified = new Uint8Array(sources.length);
  for (let i2 = 0; i2 < matched.length; ) {
    i2 += coder.number(unmodifiedRun);
    if (i2 >= matched.length) break;
    const more = coder.number(modifiedRun);
    for (let k = 0; k <= more && i2 < matched.length; k++) modified[matched[i2++]] = 1;
  }
  return modified;
}

// packages/delta/src/hermes/file-writer.ts
function createFileWriter(layout, words2, parts, size) {
  const bytes = new Uint8Array(size);
  const header = { ...words2 };
  let at = HEADER_SIZE;
  let headers = 0;
  const room = (end) => mustHold(end <= size - FOOTER_SIZE, "size");
  for (const [name, word, entryBytes] of sectionsOf(layout)) {
    const part2 = parts[name];
    at = align4(at);
    if (name === "functionHeaders") headers = at;
    room(at + part2.length);
    bytes.set(part2, at);
    at += part2.length;
    header[word] = part2.length / entryBytes;
  }
  const names = layout.functionHeader.map(([name]) => name);
  const widths = layout.functionHeader.map(([, bits2]) => bits2);
  const placeInfos = ({ count: count2, debug, exceptions, fields }) => {
    const infos = new Int32Array(count2);
    const { flags: flags2, infoOffset } = fields;
    const large = new Uint8Array(count2);
    for (const [name, bits2] of layout.functionHeader) {
      const column = fields[name];
      for (let j = 0; j < count2; j++) if (column[j] >>> bits2 !== 0) large[j] = 1;
    }
    for (let j = 0; j < count2; j++) {
      const attached = flags2[j] & (HAS_EXCEPTIONS | HAS_DEBUG_INFO);
      if (layout.hasShapes) {
        if (large[j] === 0 && attached === 0) continue;
        at = align4(at);
        large[j] = 1;
      } else {
        at = align4(at);
        infoOffset[j] = at;
        if (at >>> 25 !== 0) large[j] = 1;
      }
      infos[j] = at;
      if (large[j] === 1) {
        at += layout.largeSize;
        flags2[j] |= IS_LARGE;
      }
      if ((attached & HAS_EXCEPTIONS) !== 0) at = align4(at) + 4 + 12 * (exceptions.get(j)?.length ?? 0);
      if ((attached & HAS_DEBUG_INFO) !== 0) at = align4(at) + 4 * (debug.get(j)?.length ?? 0);
      room(at);
    }
    return infos;
  };
  const writeInfo = ({ debug, exceptions, fields }, j, info) => {
    let place = info;
    const put = (word) => {
      writeU32(bytes, place, word);
      place += 4;
    };
    const flags2 = fields.flags[j];
    if ((flags2 & IS_LARGE) !== 0) {
      for (const [name, , width] of layout.functionHeader) {
        const value = name === "flags" ? flags2 & ~IS_LARGE : fields[name][j];
        if (width === 4) put(value);
        else bytes[place++] = value;
      }
    }
    place = align4(place);
    if ((flags2 & HAS_EXCEPTIONS) !== 0) {
      const entries = exceptions.get(j) ?? [];
      put(entries.length);
      entries.forEach((entry) => entry.forEach(put));
    }
    if ((flags2 & HAS_DEBUG_INFO) !== 0) (debug.get(j) ?? []).forEach(put);
  };
  return {
    body: (code, tables) => {
      const start = at;
      at += code.length;
      room(at);
      bytes.set(code, start);
      if (tables.length > 0) {
        at = align4(at);
        room(at + tables.length);
        bytes.set(tables, at);
        at += tables.length;
      }
      return start;
    },
    bytes,
    finish: (functions, debugInfo) => {
      const infos = placeInfos(functions);
      const columns = names.map((name) => functions.fields[name]);
      const { flags: flags2 } = functions.fields;
      for (let j = 0; j < functions.count; j++) {
        const place = headers + j * layout.smallSize;
        if ((flags2[j] & IS_LARGE) === 0) writeBits(bytes, place, widths, columns, j);
        else writePointer(layout, bytes, place, columns, j, infos[j]);
        if (infos[j] > 0) writeInfo(functions, j, infos[j]);
      }
      at = align4(at);
      room(at + debugInfo.length);
      header.debugInfoOffset = at;
      bytes.set(debugInfo, at);
      header.fileLength = at + debugInfo.length + FOOTER_SIZE;
      layout.header.forEach((name, i2) => writeU32(bytes, HEADER_WORDS_AT + 4 * i2, header[name]));
    },
    header
  };
}
function writePointer({ functionHeader, hasShapes }, bytes, at, columns, j, info) {
  let fits = true;
  const values = functionHeader.map(([name, bits2], f) => {
    if (hasShapes) {
      if (name === "offset") return [info & 16777215];
      return [name === "flags" ? IS_LARGE : name === "functionName" ? info >>> 24 : 0];
    }
    const value = columns[f][j];
    if (name === "flags") return [value];
    fits &&= value < 2 ** bits2;
    if (name === "offset") return [info & 65535];
    if (name === "infoOffset") return [info >>> 16];
    return [fits ? value : 0];
  });
  writeBits(
    bytes,
    at,
    functionHeader.map(([, bits2]) => bits2),
    values,
    0
  );
}
function writeBits(bytes, at, widths, columns, j) {
  let place = at;
  let pending = 0;
  let filled = 0;
  for (let f = 0; f < widths.length; f++) {
    pending |= columns[f][j] << filled;
    for (filled += widths[f]; filled >= 8; filled -= 8) {
      bytes[place++] = pending;
      pending >>>= 8;
    }
  }
}

// packages/delta/src/hermes/literal-coder.ts
function createLiteralCoder(coder, sizes, kind, strings2) {
  const { contexts } = coder;
  const buffer = kind.charCodeAt(0);
  let lastTag = 0;
  let tagBefore = 0;
  let lastInteger = 0;
  return (out, from, to) => {
    let at = from;
    let left = 0;
    let type = 0;
    strings2.restart();
    while (at < to) {
      if (left === 0) {
        contexts[0] = mix(101, lastTag);
        contexts[1] = mix3(102, lastTag, tagBefore);
        contexts[2] = mix(103, buffer);
        tagBefore = lastTag;
        lastTag = out[at++] = coder.symbol(8, literalTag, 3);
        left = lastTag & 15;
        type = lastTag >> 4 & 7;
        if (lastTag > 127 && at < to) {
          contexts[0] = 104;
          out[at] = coder.symbol(8, literalTag + 1, 1);
          left = left << 8 | out[at++];
        }
        continue;
      }
      const size = sizes[type];
      if (size === 0) {
        left = 0;
        continue;
      }
      if (at + size > to) {
        for (; at < to; at++) {
          contexts[0] = mix(105, size);
          contexts[1] = mix(106, at > 0 ? out[at - 1] : 0);
          out[at] = coder.symbol(8, literalRest, 2);
        }
        break;
      }
      if (size === 2) {
        const id = strings2.code(-1, 4 + (buffer & 3));
        out[at] = id;
        out[at + 1] = id >>> 8;
      } else {
        let prefix = 1;
        for (let i2 = size - 1; i2 >= 0; i2--) {
          if (size === 4) {
            contexts[0] = mix3(107, i2, prefix);
            contexts[1] = mix3(108, i2, type);
            contexts[2] = mix4(109, i2, prefix, lastInteger);
            out[at + i2] = coder.symbol(8, literalInteger, 3);
            prefix = (prefix << 8) + out[at + i2] | 0;
          } else {
            contexts[0] = mix(110, i2);
            contexts[1] = mix3(111, i2, i2 < size - 1 ? out[at + i2 + 1] : 0);
            out[at + i2] = coder.symbol(8, literalDouble, 2);
          }
        }
        if (size === 4) lastInteger = out[at + 1];
      }
      at += size;
      left--;
    }
  };
}

// packages/delta/src/hermes/literal-sections.ts
var LITERAL_SECTIONS = { v: "literalValues", k: "objectKeys", o: "objectValues" };
var SHAPES = 3;
function codeLiteralSections(coder, old, uses, maxBytes, strings2, newStringIds, newModuleIds, plan) {
  const { layout } = old;
  const none = new Int32Array(0);
  const buffers = {};
  const maps = { k: none, o: none, p: none, v: none };
  ["v", "k", "o"].forEach((kind, lane) => {
    const name = LITERAL_SECTIONS[kind];
    const before = sectionBytes(old, name);
    buffers[kind] = before;
    if (old.sections[name] === void 0) return;
    const remapped = remapLiterals(layout, before, uses[kind], newStringIds, newModuleIds);
    plan?.literals(name, before, remapped);
    const both = coder.flag(literalVerbatim + lane);
    const dictionary = both ? joined(remapped, before) : remapped;
    const region = createLiteralCoder(coder, layout.literalSizes, kind, strings2);
    const coded = codeCopiedBytes(coder, 1 + lane, dictionary, maxBytes, region);
    buffers[kind] = coded.bytes;
    const map2 = createCopyMap(coded.copies);
    const toNew = (offset, from) => map2(from, Math.min(2, before.length - offset));
    maps[kind] = new Int32Array(before.length + 1).fill(-1);
    for (const [offset, items] of uses[kind]) {
      if (offset > before.length) continue;
      let place = -1;
      if (!both || changes(walkLiteral(layout, before, offset, items), offset, before, remapped))
        place = toNew(offset, offset);
      if (both && place < 0) place = toNew(offset, offset + remapped.length);
      maps[kind][offset] = place;
    }
  });
  if (!layout.hasShapes) return { buffers, freshShapes: [], maps, shapes: new Uint32Array(0) };
  const { freshShapes, map, shapes } = codeShapes(coder, old, maxBytes, maps.k, plan);
  return { buffers, freshShapes, maps: { ...maps, p: map }, shapes };
}
function changes(end, start, before, after) {
  for (let at = start; at < end; at++) if (before[at] !== after[at]) return true;
  return false;
}
function joined(a, b) {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
function codeShapes(coder, old, maxBytes, keyMap, plan) {
  const before = words(sectionBytes(old, "shapes"));
  const oldCount = before.length / 2;
  plan?.shapes(before, keyMap);
  const count2 = coder.near(countChange, oldCount);
  mustHold(count2 >= 0 && count2 <= maxBytes / 8, "shapes");
  const shapes = new Uint32Array(2 * count2);
  const map = new Int32Array(oldCount).fill(-1);
  const freshShapes = [];
  let last = 0;
  codeSequence(coder, SHAPES, count2, oldCount).forEach((i2, j) => {
    if (i2 >= 0) {
      shapes[2 * j] = Math.max(keyMap[before[2 * i2]] ?? 0, 0);
      shapes[2 * j + 1] = before[2 * i2 + 1];
      if (map[i2] < 0) map[i2] = j;
    } else {
      freshShapes.push(j);
      plan?.shape(j);
      shapes[2 * j] = coder.near(shapeOffset, last);
      shapes[2 * j + 1] = coder.number(shapeKeys);
    }
    last = shapes[2 * j];
  });
  return { freshShapes, map, shapes };
}
function words(bytes) {
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, i2) => readU32(bytes, 4 * i2));
}

// packages/delta/src/hermes/modules.ts
var MAX_MODULES = 1e5;
var MODULES = 2;
function readModules({ bytes, functions, header }, table) {
  const modules = [];
  const { offset, size } = functions.fields;
  const index = header.globalCodeIndex;
  let closure = -1;
  for (let at = offset[index], end = at + size[index]; at < end; ) {
    const op = bytes[at];
    const length = table.size[op];
    if (length === 0) break;
    const letters = table.operands[op];
    const operand = letters.toLowerCase().indexOf("f");
    if (operand >= 0) {
      closure = readOperand(bytes, at + table.offsets[op][operand], letters[operand]);
    } else if (closure >= 0 && table.loadsInteger[op] !== 0) {
      const id = table.loadsInteger[op] === 2 ? 0 : readOperand(bytes, at + table.offsets[op][1], letters[1]);
      if (id >= 0 && id < MAX_MODULES) modules.push([closure, id]);
      closure = -1;
    }
    at += length;
  }
  return modules;
}
function moduleCount(modules) {
  return modules.reduce((max2, [, id]) => Math.max(max2, id + 1), 0);
}
function codeModules(coder, old, table, maxModules, sources, plan) {
  const before = readModules(old, table);
  const oldCount = moduleCount(before);
  plan?.modules(before, sources);
  const count2 = coder.near(countChange, oldCount);
  const length = Math.max(0, Math.min(count2, maxModules, MAX_MODULES));
  const newIds = new Int32Array(oldCount).fill(-1);
  codeSequence(coder, MODULES, length, oldCount).forEach((source, id) => {
    if (source >= 0) newIds[source] = id;
  });
  return newIds;
}

// packages/delta/src/hermes/overrides.ts
var MOVED_KINDS = ["v", "k", "o", "p"];
function codeOverrides(coder, maps, sources, plan) {
  MOVED_KINDS.forEach((kind, lane) => {
    const map = maps[kind];
    if (map.length === 0) return;
    plan?.overrides(kind, map, sources);
    const count2 = Math.min(coder.number(overrideCount), map.length);
    let from = 0;
    let shift = 0;
    for (let i2 = 0; i2 < count2; i2++) {
      from += coder.number(overrideFrom + lane);
      const before = map[from];
      const to = before >= 0 ? coder.near(overrideTo + 2 * lane + 1, before + shift) : coder.near(overrideTo + 2 * lane, from + shift);
      if (!(before >= 0)) shift = to - from;
      if (from < map.length) map[from] = to;
    }
  });
}

// packages/delta/src/hermes/small-sections.ts
var REGEXPS = 4;
var SOURCES = 5;
var MIN_COPY = 12;
function codePlainSection(coder, lane, name, before, maxBytes, plan) {
  plan?.copies(name, before, MIN_COPY);
  return codeCopiedBytes(coder, lane, before, maxBytes, textRegion(createTextModel(coder, before))).bytes;
}
function codeRegExps(coder, old, maxBytes, plan) {
  const before = sectionBytes(old, "regExpTable");
  const oldStorage = sectionBytes(old, "regExpStorage");
  const oldCount = before.length / 8;
  plan?.regExpsChange();
  if (coder.flag(partUnchanged))
    return { newIds: Int32Array.from({ length: oldCount }, (_, i2) => i2), storage: oldStorage, table: before };
  const storage = codePlainSection(coder, 6, "regExpStorage", oldStorage, maxBytes, plan);
  plan?.regExps();
  const count2 = coder.near(countChange, oldCount);
  mustHold(count2 >= 0 && count2 <= maxBytes / 8, "regular expressions");
  const newIds = new Int32Array(oldCount).fill(-1);
  const table = new Uint8Array(8 * count2);
  let end = 0;
  codeSequence(coder, REGEXPS, count2, oldCount).forEach((i2, j) => {
    plan?.regExp(j, i2 < 0);
    const length = i2 >= 0 ? readU32(before, 8 * i2 + 4) : coder.number(regExpLength);
    if (i2 >= 0) newIds[i2] = j;
    const offset = coder.is(regExpAdjacent, end) ? end : coder.number(regExpOffset);
    writeU32(table, 8 * j, offset);
    writeU32(table, 8 * j + 4, length);
    end = offset + length;
  });
  return { newIds, storage, table };
}
function codeFunctionSources(coder, old, maxBytes, newFunctionIds, newStringIds, plan) {
  const moved = sectionBytes(old, "functionSources").slice();
  for (let at = 0; at < moved.length; at += 8) {
    writeU32(moved, at, mapped(newFunctionIds, readU32(moved, at)));
    writeU32(moved, at + 4, mapped(newStringIds, readU32(moved, at + 4)));
  }
  plan?.functionSources(moved);
  if (coder.flag(partUnchanged)) return moved;
  const oldCount = moved.length / 8;
  const count2 = coder.near(countChange, oldCount);
  mustHold(count2 >= 0 && count2 <= maxBytes / 8, "function sources");
  const out = new Uint8Array(8 * count2);
  codeSequence(coder, SOURCES, count2, oldCount).forEach((i2, j) => {
    if (i2 >= 0) {
      out.set(moved.subarray(8 * i2, 8 * i2 + 8), 8 * j);
      return;
    }
    plan?.functionSource(j);
    writeU32(out, 8 * j, coder.number(sourceFunction));
    writeU32(out, 8 * j + 4, coder.number(sourceString));
  });
  return out;
}

// packages/delta/src/hermes/string-model.ts
var RECENT = 64;
var MAX_SKIP = 255;
var MAX_SEARCH = 4096;
function createFreshStrings(ids) {
  const places = new Map(ids.map((id, i2) => [id, i2]));
  const used = new Uint8Array(ids.length);
  let unused = ids.length;
  let cursor = 0;
  const at = (skip) => {
    let rest = skip;
    for (let step = 0; step < ids.length && step < MAX_SEARCH; step++) {
      const place = (cursor + step) % ids.length;
      if (used[place] === 0 && rest-- === 0) return ids[place];
    }
    return -1;
  };
  const isUnused = (id) => used[places.get(id) ?? -1] === 0;
  return {
    at,
    skip: (id) => {
      let skip = isUnused(id) ? 0 : MAX_SEARCH;
      while (skip <= MAX_SKIP && at(skip) !== id) skip++;
      return skip;
    },
    take: (id) => {
      if (!isUnused(id)) return;
      cursor = places.get(id);
      used[cursor++] = 1;
      unused--;
    },
    unused: () => unused
  };
}
function createStringModel(coder, count2, fresh, lane) {
  const pairBits = Math.min(17, coder.tableBits);
  const afterTwo = new Int32Array(1 << pairBits).fill(-1);
  const afterOne = new Int32Array(count2).fill(-1);
  const recent = new Int32Array(RECENT).fill(-1);
  const idBits = Math.max(1, 32 - Math.clz32(Math.max(count2 - 1, 1)));
  const { contexts } = coder;
  let last = -1;
  let before = -1;
  const pairSlot = () => Math.imul(mix(before, last), 2654435761) >>> 32 - pairBits;
  const note = (id) => {
    fresh.take(id);
    if (last >= 0) {
      afterOne[last] = id;
      if (before >= 0) afterTwo[pairSlot()] = id;
    }
    before = last;
    last = id;
  };
  const guessed = (predicted, context) => {
    const two = before >= 0 && last >= 0 ? afterTwo[pairSlot()] : -1;
    const one = last >= 0 ? afterOne[last] : -1;
    if (predicted >= 0 && coder.is(stringPredicted + context, predicted)) return predicted;
    if (two >= 0 && two !== predicted && coder.is(stringAfterTwo + context, two)) return two;
    return one >= 0 && one !== predicted && one !== two && coder.is(stringAfterOne + context, one) ? one : -1;
  };
  const searched = (context) => {
    if (fresh.unused() > 0 && coder.flag(stringIsFresh + context, (id) => fresh.skip(id) <= MAX_SKIP)) {
      return fresh.at(Math.min(coder.number(stringFreshSkip, fresh.skip), MAX_SKIP));
    }
    const place = (id) => recent.indexOf(id);
    if (coder.flag(stringIsRecent + context, (id) => recent.includes(id))) {
      contexts[0] = mix(301, lane);
      contexts[1] = mix3(302, lane, context);
      return recent[coder.symbol(6, stringRecent + lane, 2, place)];
    }
    contexts[0] = mix(303, lane);
    contexts[1] = mix3(304, lane, context);
    contexts[2] = mix3(305, lane, last);
    const set = stringId + 2 * lane;
    const high = idBits > 8 ? coder.symbol(idBits - 8, set, 3, (id) => id >>> 8) : 0;
    contexts[0] = mix3(306, lane, high);
    contexts[1] = mix3(307, context, high);
    contexts[2] = mix3(308, last, high);
    return high << 8 | coder.symbol(Math.min(8, idBits), set + 1, 3, (id) => id & 255);
  };
  return {
    code: (predicted, context) => {
      let id = guessed(predicted, context);
      if (id < 0) {
        id = searched(context);
        coder.done();
      }
      if (id < 0 || id >= count2) id = 0;
      const at = recent.indexOf(id);
      recent.copyWithin(1, 0, at < 0 ? RECENT - 1 : at);
      recent[0] = id;
      note(id);
      return id;
    },
    note,
    restart: () => {
      last = -1;
      before = -1;
    }
  };
}

// packages/delta/src/hermes/string-sections.ts
function stringSections({ count: count2, kind, length, offset, wide }, storage) {
  const stringTable = new Uint8Array(4 * count2);
  const large = [];
  const hashes = [];
  for (let i2 = 0; i2 < count2; i2++) {
    let start = offset[i2];
    let size = length[i2];
    if (kind[i2] === 1) hashes.push(hashString(storage, start, size, wide[i2]));
    if (size >= 255 || start >= 1 << 23) {
      large.push(start, size);
      start = large.length / 2 - 1;
      size = 255;
    }
    writeU32(stringTable, 4 * i2, wide[i2] | start << 1 | size << 24);
  }
  return {
    identifierHashes: wordBytes(hashes),
    overflowStrings: wordBytes(large),
    stringKinds: wordBytes(kindRuns(kind).map(([value, size]) => value << 31 | size)),
    stringStorage: storage,
    stringTable
  };
}
function wordBytes(words2) {
  const bytes = new Uint8Array(4 * words2.length);
  for (let i2 = 0; i2 < words2.length; i2++) writeU32(bytes, 4 * i2, words2[i2]);
  return bytes;
}
function hashString(storage, offset, length, wide) {
  let hash2 = 0;
  for (let i2 = 0; i2 < length; i2++) {
    hash2 += wide === 1 ? storage[offset + 2 * i2] | storage[offset + 2 * i2 + 1] << 8 : storage[offset + i2] << 24 >> 24 & 65535;
    hash2 += hash2 << 10;
    hash2 ^= hash2 >>> 6;
  }
  return hash2;
}

// packages/delta/src/hermes/code-hermes.ts
var FUNCTIONS = 1;
var [BIGINT_TABLE, BIGINT_STORAGE, DEBUG_INFO, CJS_MODULES] = [4, 5, 7, 7];
function* codeHermes(coder, old, table, targetSizeBytes, plan) {
  const { layout } = old;
  plan?.start();
  const strings2 = coder.flag(stringsPacked) ? yield* codePackedStrings(coder, old, targetSizeBytes, plan) : codeStrings(coder, old, targetSizeBytes, plan);
  const { newIds } = strings2;
  yield 0.1;
  plan?.functionList();
  const oldCount = old.functions.count;
  const count2 = coder.near(countChange, oldCount);
  mustHold(count2 >= 0 && count2 <= targetSizeBytes / layout.smallSize, "functions");
  const sources = codeSequence(coder, FUNCTIONS, count2, oldCount);
  const functionIds = new Int32Array(oldCount).fill(-1);
  for (let j = count2 - 1; j >= 0; j--) if (sources[j] >= 0) functionIds[sources[j]] = j;
  const modules = codeModules(coder, old, table, count2, sources, plan);
  yield 0.12;
  const uses = findLiteralUses(old, table);
  yield 0.13;
  const fresh = createFreshStrings(strings2.fresh);
  const references = createStringModel(coder, strings2.table.count, fresh, 1);
  const literals = codeLiteralSections(coder, old, uses, targetSizeBytes, references, newIds, modules, plan);
  yield 0.15;
  codeOverrides(coder, literals.maps, sources, plan);
  const plain2 = (name, lane) => {
    const before = name === "debugInfo" ? debugSection(old) : sectionBytes(old, name);
    return codePlainSection(coder, lane, name, before, targetSizeBytes, plan);
  };
  const bigIntTable = plain2("bigIntTable", BIGINT_TABLE);
  const bigIntStorage = plain2("bigIntStorage", BIGINT_STORAGE);
  const regExps = codeRegExps(coder, old, targetSizeBytes, plan);
  const functionSources = codeFunctionSources(coder, old, targetSizeBytes, functionIds, newIds, plan);
  const cjsModules = plain2("cjsModules", CJS_MODULES);
  const debugInfo = plain2("debugInfo", DEBUG_INFO);
  yield 0.2;
  const { buffers, shapes } = literals;
  const writer = createFileWriter(
    layout,
    { ...old.header, globalCodeIndex: mapped(functionIds, old.header.globalCodeIndex) },
    {
      ...stringSections(strings2.table, strings2.storage),
      bigIntStorage,
      bigIntTable,
      cjsModules,
      functionHeaders: new Uint8Array(count2 * layout.smallSize),
      functionSources,
      literalValues: buffers.v,
      objectKeys: buffers.k,
      objectValues: buffers.o,
      regExpStorage: regExps.storage,
      regExpTable: regExps.table,
      shapes: wordBytes(shapes)
    },
    targetSizeBytes
  );
  const maps = { ...literals.maps, f: functionIds, modules, s: newIds, x: regExps.newIds };
  const stringModel = createStringModel(coder, strings2.table.count, fresh, 0);
  const functions = yield* codeFunctions(
    coder,
    old,
    table,
    sources,
    maps,
    stringModel,
    literals,
    writer,
    plan
  );
  yield 0.95;
  const debug = codeDebugOffsets(coder, old, sources, functions, plan);
  yield 0.96;
  writer.finish({ ...functions, debug }, debugInfo);
  yield 0.97;
  finishFile(coder, old, writer, plan);
  return writer.bytes;
}
function codeDebugOffsets(coder, old, sources, { count: count2, fields }, plan) {
  const debug = /* @__PURE__ */ new Map();
  const words2 = old.layout.debugWords;
  const shift = new Int32Array(words2);
  let last = new Int32Array(words2);
  for (let j = 0; j < count2; j++) {
    if ((fields.flags[j] & HAS_DEBUG_INFO) === 0) continue;
    plan?.debugOffsets(j);
    const before = sources[j] < 0 ? [] : readFunctionInfo(old, sources[j]).debug;
    last = last.map((previous, k) => {
      const known = before[k];
      const word = known === void 0 ? coder.near(debugOffset + 2 * k, previous) : coder.near(debugOffset + 2 * k + 1, known + shift[k] | 0);
      if (known !== void 0) shift[k] = word - known;
      return word;
    });
    debug.set(j, Array.from(last));
  }
  return debug;
}
function finishFile(coder, old, { bytes, header }, plan) {
  const words2 = old.layout.header;
  const end = bytes.length - FOOTER_SIZE;
  bytes.set(old.bytes.subarray(0, HEADER_WORDS_AT));
  const codeHash = (from) => {
    for (let at2 = from; at2 < from + 20; at2++) bytes[at2] = coder.symbol(8, fix + 1, 0);
  };
  plan?.hashes();
  if (!coder.flag(sourceHashSame)) codeHash(12);
  codeHash(end);
  const optionsAt = HEADER_WORDS_AT + 4 * words2.length;
  bytes[optionsAt] = old.options;
  plan?.headerWords(header);
  if (!coder.flag(headerUnchanged)) {
    words2.forEach((name, i2) => {
      writeU32(bytes, HEADER_WORDS_AT + 4 * i2, coder.near(headerWord, header[name]));
    });
    bytes[optionsAt] = coder.number(options);
  }
  plan?.corrections(bytes);
  const corrections = coder.number(fixCount);
  let at = 0;
  for (let i2 = 0; i2 < corrections; i2++) {
    at += coder.number(fixGap);
    mustHold(at < end, "corrections");
    coder.contexts[0] = 99;
    bytes[at] = coder.symbol(8, fix, 1);
  }
}

// packages/delta/src/hermes/logistic.ts
var STEPS = 4096;
var RANGE = 12;
var made;
function logistic() {
  made ??= makeLogistic();
  return made;
}
function makeLogistic() {
  const table = new Float64Array(STEPS + 1);
  for (let i2 = 0; i2 <= STEPS; i2++) table[i2] = 1 / (1 + exponential(RANGE - 2 * RANGE * i2 / (STEPS - 1)));
  const stretch = new Float64Array(STEPS);
  let j = 0;
  for (let i2 = 0; i2 < STEPS; i2++) {
    const p = (i2 + 0.5) / STEPS;
    while (j < STEPS - 2 && table[j + 1] <= p) j++;
    const share = (p - table[j]) / (table[j + 1] - table[j]);
    stretch[i2] = (j + share) * 2 * RANGE / (STEPS - 1) - RANGE;
  }
  const scale = (STEPS - 1) / (2 * RANGE);
  return {
    squash: (x2) => {
      const place = (x2 + RANGE) * scale;
      if (place <= 0) return table[0];
      if (place >= STEPS - 1) return table[STEPS - 1];
      const i2 = place | 0;
      return table[i2] + (table[i2 + 1] - table[i2]) * (place - i2);
    },
    stretch
  };
}
function exponential(x2) {
  const small = x2 / 1024;
  let term = 1;
  let sum = 1;
  for (let i2 = 1; i2 < 9; i2++) {
    term *= small / i2;
    sum += term;
  }
  for (let i2 = 0; i2 < 10; i2++) sum *= sum;
  return sum;
}

// packages/delta/src/hermes/coder.ts
var [MIN_TABLE_BITS, MAX_TABLE_BITS] = [12, 20];
var MAX_INPUTS = 12;
var SETS = 1024;
var LIMIT = 60;
function maxDecisions(lengthBytes) {
  return 65536 + 2048 * lengthBytes;
}
var NOTHING = () => void 0;
function createCoder(codeBit, limit, targetSizeBytes) {
  const tableBits = Math.min(MAX_TABLE_BITS, Math.max(MIN_TABLE_BITS, 32 - Math.clz32(targetSizeBytes)));
  const { squash, stretch } = logistic();
  const chance = new Uint16Array(1 << tableBits).fill(32768);
  const met = new Uint8Array(1 << tableBits);
  const rates = Float64Array.from({ length: 256 }, (_, n) => 1 / (Math.min(n, LIMIT) + 1.4));
  const trust = Float64Array.from({ length: 256 }, (_, n) => n === 0 ? 0 : (n + 0.8) / (n + 1));
  const weights = new Float64Array(SETS * MAX_INPUTS).fill(0.3);
  const uses = new Uint16Array(SETS);
  const contexts = new Int32Array(16);
  const slots = new Int32Array(MAX_INPUTS);
  const inputs = new Float64Array(MAX_INPUTS);
  const history = new Uint8Array(4096);
  let left = limit;
  let known = -1;
  const symbol = (bits2, set, count2) => {
    const base = set * MAX_INPUTS;
    const shift = 32 - tableBits;
    let node = 1;
    for (let b = bits2 - 1; b >= 0; b--) {
      if (left-- <= 0) throw deltaError("ERR_DELTA_LIMIT", "The patch asks for too much work");
      const branch = Math.imul(node, 625341585);
      let sum = 0;
      for (let i2 = 0; i2 < count2; i2++) {
        const slot = Math.imul(contexts[i2] ^ branch, 2654435761) >>> shift;
        const input = stretch[chance[slot] >>> 4] * trust[met[slot]];
        slots[i2] = slot;
        inputs[i2] = input;
        sum += input * weights[base + i2];
      }
      const predicted = squash(sum);
      const bit = known < 0 ? codeBit(Math.max(24, Math.min(65512, predicted * 65536 | 0))) : known >> b & 1;
      const used = uses[set];
      if (used < 65535) uses[set] = used + 1;
      const step = (bit - predicted) * (0.02 + 0.3 / (used + 8));
      const goal = bit * 65535;
      for (let i2 = 0; i2 < count2; i2++) {
        weights[base + i2] += step * inputs[i2];
        const slot = slots[i2];
        const n = met[slot];
        const p = chance[slot];
        chance[slot] = Math.max(16, Math.min(65519, p + (goal - p) * rates[n]));
        if (n < 255) met[slot] = n + 1;
      }
      node = node << 1 | bit;
    }
    return node & 2 ** bits2 - 1;
  };
  const flag = (context) => {
    const place = context & 4095;
    contexts[0] = mix(1001, context);
    contexts[1] = mix(mix(1002, context), history[place]);
    const bit = symbol(1, 1, 2);
    history[place] = (history[place] << 1 | bit) & 7;
    return bit === 1;
  };
  const number2 = (context) => {
    const place = context & 4095;
    contexts[0] = mix(2001, context);
    contexts[1] = mix(mix(2002, context), history[place]);
    const length = symbol(6, 2, 2);
    mustHold(length <= 32, "number");
    history[place] = length;
    let result = 1;
    for (let i2 = length - 1; i2 >= 0; i2--) {
      contexts[0] = i2 >= length - 3 ? mix(mix(2003, context), result + 64 * length) : mix(2004, i2);
      result = result * 2 + symbol(1, 3, 1);
    }
    return result - 1;
  };
  const signed = (context) => {
    const coded = number2(context);
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
  };
  return {
    contexts,
    done: NOTHING,
    flag,
    is: flag,
    learn: (value) => {
      known = value;
    },
    near: (context, expected) => expected + signed(context),
    number: number2,
    signed,
    symbol,
    tableBits
  };
}

// packages/delta/src/hermes/range-coder.ts
function createRangeDecoder(bytes) {
  let low = 0;
  let high = 4294967295;
  let at = 0;
  let value = 0;
  const next2 = () => {
    mustHold(at < bytes.length + 8, "its end");
    value = (value << 8 | (at < bytes.length ? bytes[at] : 0)) >>> 0;
    at++;
  };
  for (let i2 = 0; i2 < 4; i2++) next2();
  return (probability) => {
    const range = high - low;
    const middle = low + (range >>> 16) * probability + ((range & 65535) * probability >>> 16);
    const bit = value <= middle ? 1 : 0;
    if (bit === 1) high = middle;
    else low = middle + 1;
    while (((low ^ high) & 4278190080) === 0) {
      low = low << 8 >>> 0;
      high = (high << 8 | 255) >>> 0;
      next2();
    }
    return bit;
  };
}

// packages/delta/src/hermes/decode-hermes.ts
function* decodeHermes(base, body, targetSizeBytes) {
  const reader = createByteReader(body);
  const version = hermesVersion(base) ?? 0;
  const layoutId = reader.byte();
  const layout = layoutById(layoutId === 0 ? version : layoutId);
  const text2 = layoutId === 0 ? OPCODE_TABLES[version] : String.fromCharCode(...reader.take(reader.varint()));
  if (layout === void 0 || text2 === void 0) {
    throw deltaError("ERR_DELTA_UNKNOWN_FORMAT", `Bytecode version ${version} is not known here`);
  }
  const coded = reader.take(reader.left());
  const coder = createCoder(createRangeDecoder(coded), maxDecisions(coded.length), targetSizeBytes);
  try {
    const old = parseHermes(base, layout);
    yield 0.01;
    return yield* codeHermes(coder, old, parseOpcodeTable(text2), targetSizeBytes);
  } catch (error) {
    if (error instanceof OtaError) throw error;
    throw deltaError("ERR_DELTA_CORRUPT", `The patch is damaged: ${String(error)}`);
  }
}

// packages/delta/src/modelled/code-modelled.ts
var [BY_STEPS, STEP_ADD, STEP_EXTRA, STEP_SEEK, GAP, STEP_COUNT] = [1, 2, 3, 4, 5, 6];
var [DIFFERENCE, EXTRA_MAX] = [200, 1];
var SLICE_BYTES2 = 4096;
function* codeModelled(coder, base, targetSizeBytes, plan) {
  const text2 = createTextModel(coder, base);
  if (coder.flag(BY_STEPS)) return yield* codeSteps(coder, text2, base, targetSizeBytes, plan);
  const { bytes } = codeCopiedBytes(coder, 0, base, targetSizeBytes, textRegion(text2));
  mustHold(bytes.length === targetSizeBytes, "size");
  return bytes;
}
function* codeSteps(coder, text2, base, targetSizeBytes, plan) {
  const target2 = new Uint8Array(targetSizeBytes);
  const count2 = coder.number(STEP_COUNT);
  mustHold(count2 <= targetSizeBytes + EXTRA_MAX, "steps");
  const difference = createDifferenceModel(coder);
  let at = 0;
  let from = 0;
  let worked = 0;
  for (let i2 = 0; i2 < count2; i2++) {
    plan?.step(i2, from, at);
    const addLength = coder.number(STEP_ADD);
    const extraLength = coder.number(STEP_EXTRA);
    const seek = coder.signed(STEP_SEEK);
    mustHold(addLength + extraLength <= targetSizeBytes - at, "steps");
    mustHold(from >= 0 && from + addLength <= base.length, "steps");
    target2.set(base.subarray(from, from + addLength), at);
    for (let done = 0; done < addLength; done++) {
      const same = coder.number(GAP);
      done += same;
      mustHold(done <= addLength, "steps");
      if (done < addLength) target2[at + done] += difference(base[from + done], same);
      if (++worked % SLICE_BYTES2 === 0) yield at / targetSizeBytes;
    }
    at += addLength;
    for (let k = 0; k < extraLength; k++, at++) {
      target2[at] = text2(target2, at);
      if (++worked % SLICE_BYTES2 === 0) yield at / targetSizeBytes;
    }
    from += addLength + seek;
  }
  mustHold(at === targetSizeBytes, "size");
  return target2;
}
function createDifferenceModel(coder) {
  const { contexts } = coder;
  let last = 0;
  let second = 0;
  return (before, gap2) => {
    const near = Math.min(gap2, 15);
    contexts[0] = mix(1, last);
    contexts[1] = mix3(2, last, second);
    contexts[2] = mix3(3, last, near);
    contexts[3] = mix(4, before);
    contexts[4] = mix3(5, before, near);
    contexts[5] = mix4(6, last, second, near);
    const byte = coder.symbol(8, DIFFERENCE + Math.min(gap2, 3), 6);
    second = last;
    last = byte;
    return byte;
  };
}

// packages/delta/src/modelled/decode.ts
function decodeModelled(base, body, targetSizeBytes) {
  const coder = createCoder(createRangeDecoder(body), maxDecisions(body.length), targetSizeBytes);
  return codeModelled(coder, base, targetSizeBytes);
}

// packages/delta/src/apply.ts
var SLICE_MS = 8;
var APPLICABLE_FORMATS = ["kvh1", "kvm1", "kvd1"];
async function applyPatch(base, patch, options2 = {}) {
  const { header, body } = readContainer(patch);
  const cap = options2.maxTargetSizeBytes ?? 67108864;
  if (header.targetSizeBytes > cap) {
    throw deltaError(
      "ERR_DELTA_LIMIT",
      `The patch would make ${header.targetSizeBytes} bytes, at most ${cap} are allowed`
    );
  }
  const check2 = options2.checkHashes ?? true;
  if (base.length !== header.baseSizeBytes || check2 && !matches(base, header.basePrefixHex)) {
    throw deltaError(
      "ERR_DELTA_BASE",
      `The patch starts from another file (${header.baseSizeBytes} bytes, ${header.basePrefixHex}\u2026)`
    );
  }
  const decode2 = { kvd1: decodeGeneric, kvh1: decodeHermes, kvm1: decodeModelled }[header.format];
  const target2 = await inSlices(decode2(base, body, header.targetSizeBytes), options2);
  if (check2 && !matches(target2, header.targetPrefixHex)) {
    throw deltaError("ERR_DELTA_TARGET", "The patch made another file than it promises; it is damaged");
  }
  return target2;
}
async function inSlices(work, { onProgress, pause, signal }) {
  let last = Date.now();
  for (; ; ) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (signal?.aborted === true) throw deltaError("ERR_DELTA_ABORTED", "Stopped by the caller");
    if (Date.now() - last < SLICE_MS) continue;
    onProgress?.(value);
    await pause?.();
    last = Date.now();
  }
}
function matches(bytes, prefixHex) {
  return sha256Hex(bytes).slice(0, HASH_PREFIX_BYTES * 2) === prefixHex;
}

// packages/delta/src/generic/suffix-array.ts
function buildSuffixArray(text2) {
  return sais(text2, 255);
}
function sais(text2, upper) {
  const n = text2.length;
  const suffixes = new Int32Array(n);
  if (n === 0) return suffixes;
  if (n === 1) return suffixes;
  const isS = new Uint8Array(n);
  for (let i2 = n - 2; i2 >= 0; i2--) {
    const [a, b] = [text2[i2], text2[i2 + 1]];
    isS[i2] = a === b ? isS[i2 + 1] : a < b ? 1 : 0;
  }
  const sumL = new Int32Array(upper + 2);
  const sumS = new Int32Array(upper + 2);
  for (let i2 = 0; i2 < n; i2++) {
    const c = text2[i2];
    if (isS[i2] === 0) sumS[c] = sumS[c] + 1;
    else sumL[c + 1] = sumL[c + 1] + 1;
  }
  for (let c = 0; c <= upper; c++) {
    sumS[c] = sumS[c] + sumL[c];
    sumL[c + 1] = sumL[c + 1] + sumS[c];
  }
  const cursor = new Int32Array(upper + 2);
  const induce = (lms2, count2) => {
    suffixes.fill(-1);
    cursor.set(sumS);
    for (let i2 = 0; i2 < count2; i2++) {
      const d = lms2[i2];
      if (d === n) continue;
      const c = text2[d];
      suffixes[cursor[c]] = d;
      cursor[c] = cursor[c] + 1;
    }
    cursor.set(sumL);
    const last = text2[n - 1];
    suffixes[cursor[last]] = n - 1;
    cursor[last] = cursor[last] + 1;
    for (let i2 = 0; i2 < n; i2++) {
      const v = suffixes[i2] - 1;
      if (v < 0 || isS[v] === 1) continue;
      const c = text2[v];
      suffixes[cursor[c]] = v;
      cursor[c] = cursor[c] + 1;
    }
    cursor.set(sumL);
    for (let i2 = n - 1; i2 >= 0; i2--) {
      const v = suffixes[i2] - 1;
      if (v < 0 || isS[v] === 0) continue;
      const c = text2[v] + 1;
      cursor[c] = cursor[c] - 1;
      suffixes[cursor[c]] = v;
    }
  };
  const rankOf = new Int32Array(n + 1).fill(-1);
  let m = 0;
  for (let i2 = 1; i2 < n; i2++) if (isS[i2 - 1] === 0 && isS[i2] === 1) rankOf[i2] = m++;
  const lms = new Int32Array(m);
  for (let i2 = 1, k = 0; i2 < n; i2++) if (isS[i2 - 1] === 0 && isS[i2] === 1) lms[k++] = i2;
  induce(lms, m);
  if (m === 0) return suffixes;
  const sorted = new Int32Array(m);
  for (let i2 = 0, k = 0; i2 < n; i2++) {
    const v = suffixes[i2];
    if (v >= 0 && rankOf[v] !== -1) sorted[k++] = v;
  }
  const names = new Int32Array(m);
  let name = 0;
  for (let i2 = 1; i2 < m; i2++) {
    let l = sorted[i2 - 1];
    let r = sorted[i2];
    const endOf = (at) => {
      const next2 = rankOf[at] + 1;
      return next2 < m ? lms[next2] : n;
    };
    const endL = endOf(l);
    const endR = endOf(r);
    let same = endL - l === endR - r;
    if (same) {
      while (l < endL && text2[l] === text2[r]) {
        l++;
        r++;
      }
      if (l === n || text2[l] !== text2[r]) same = false;
    }
    if (!same) name++;
    names[rankOf[sorted[i2]]] = name;
  }
  const order = name + 1 === m ? positionsOf(names) : sais(names, name);
  for (let i2 = 0; i2 < m; i2++) sorted[i2] = lms[order[i2]];
  induce(sorted, m);
  return suffixes;
}
function positionsOf(names) {
  const out = new Int32Array(names.length);
  names.forEach((value, i2) => {
    out[value] = i2;
  });
  return out;
}

// packages/delta/src/generic/differ.ts
var suffixArrayDiffer = (base, target2) => {
  const suffixes = buildSuffixArray(base);
  const steps = [];
  let scan = 0;
  let length = 0;
  let position3 = 0;
  let lastScan = 0;
  let lastPosition = 0;
  let lastOffset = 0;
  while (scan < target2.length) {
    let oldScore = 0;
    scan += length;
    for (let scored = scan; scan < target2.length; scan++) {
      [position3, length] = longestMatch(suffixes, base, target2, scan);
      for (; scored < scan + length; scored++) if (base[scored + lastOffset] === target2[scored]) oldScore++;
      if (length === oldScore && length !== 0 || length > oldScore + 8) break;
      if (base[scan + lastOffset] === target2[scan]) oldScore--;
    }
    if (length === oldScore && scan !== target2.length) continue;
    const forward = extendForward(base, target2, lastPosition, lastScan, scan);
    let backward = scan < target2.length ? extendBackward(base, target2, position3, scan, lastScan) : 0;
    let ahead = forward;
    const overlap = lastScan + ahead - (scan - backward);
    if (overlap > 0) {
      const kept = splitOverlap(base, target2, {
        ahead,
        backward,
        lastPosition,
        lastScan,
        overlap,
        position: position3,
        scan
      });
      ahead += kept - overlap;
      backward -= kept;
    }
    steps.push({
      addLength: ahead,
      extraLength: scan - backward - (lastScan + ahead),
      seek: scan < target2.length ? position3 - backward - (lastPosition + ahead) : 0
    });
    lastScan = scan - backward;
    lastPosition = position3 - backward;
    lastOffset = position3 - scan;
  }
  return steps;
};
function longestMatch(suffixes, base, target2, scan) {
  let low = 0;
  let high = suffixes.length - 1;
  let best = 0;
  let bestPosition = 0;
  while (low <= high) {
    const middle = low + high >> 1;
    const start = suffixes[middle];
    const limit = Math.min(base.length - start, target2.length - scan);
    let length = 0;
    while (length < limit && base[start + length] === target2[scan + length]) length++;
    if (length > best) {
      best = length;
      bestPosition = start;
    }
    const below = length < limit ? base[start + length] < target2[scan + length] : start + length === base.length;
    if (below) low = middle + 1;
    else high = middle - 1;
  }
  return [bestPosition, best];
}
function extendForward(base, target2, lastPosition, lastScan, scan) {
  let score = 0;
  let bestScore = 0;
  let best = 0;
  for (let i2 = 0; lastScan + i2 < scan && lastPosition + i2 < base.length; ) {
    if (base[lastPosition + i2] === target2[lastScan + i2]) score++;
    i2++;
    if (score * 2 - i2 > bestScore * 2 - best) {
      bestScore = score;
      best = i2;
    }
  }
  return best;
}
function extendBackward(base, target2, position3, scan, lastScan) {
  let score = 0;
  let bestScore = 0;
  let best = 0;
  for (let i2 = 1; scan >= lastScan + i2 && position3 >= i2; i2++) {
    if (base[position3 - i2] === target2[scan - i2]) score++;
    if (score * 2 - i2 > bestScore * 2 - best) {
      bestScore = score;
      best = i2;
    }
  }
  return best;
}
function splitOverlap(base, target2, at) {
  let score = 0;
  let bestScore = 0;
  let kept = 0;
  for (let i2 = 0; i2 < at.overlap; i2++) {
    if (target2[at.lastScan + at.ahead - at.overlap + i2] === base[at.lastPosition + at.ahead - at.overlap + i2])
      score++;
    if (target2[at.scan - at.backward + i2] === base[at.position - at.backward + i2]) score--;
    if (score > bestScore) {
      bestScore = score;
      kept = i2 + 1;
    }
  }
  return kept;
}

// packages/delta/src/generic/encode.ts
function encodeGeneric(base, target2, diffSteps) {
  const steps = createByteWriter();
  const places = createByteWriter();
  const differences = createByteWriter();
  const extra = createByteWriter();
  let at = 0;
  let from = 0;
  let gap2 = 0;
  for (const { addLength, extraLength, seek } of diffSteps) {
    steps.varint(addLength);
    steps.varint(extraLength);
    steps.signedVarint(seek);
    for (let i2 = 0; i2 < addLength; i2++) {
      const difference = target2[at + i2] - base[from + i2] & 255;
      if (difference === 0) {
        gap2++;
        continue;
      }
      places.varint(gap2);
      differences.byte(difference);
      gap2 = 0;
    }
    extra.bytes(target2.subarray(at + addLength, at + addLength + extraLength));
    at += addLength + extraLength;
    from += addLength + seek;
  }
  const body = createByteWriter();
  for (const stream of [steps, places, differences, extra]) {
    const raw = stream.finish();
    const packed = deflateSync(raw, { level: 9, mem: 12 });
    const stored = packed.length >= raw.length;
    body.varint(raw.length);
    body.varint(stored ? 0 : packed.length);
    body.bytes(stored ? raw : packed);
  }
  return body.finish();
}
function withoutEmptySteps(steps) {
  const kept = [];
  for (const step of steps) {
    const last = kept[kept.length - 1];
    if (last !== void 0 && step.addLength + step.extraLength === 0) {
      kept[kept.length - 1] = { ...last, seek: last.seek + step.seek };
    } else {
      kept.push(step);
    }
  }
  return kept;
}

// packages/delta/src/hermes/encode/section-names.ts
var OF_CONTEXT = [
  [0, void 0],
  [stringPredicted, "string references"],
  [fieldSame, "function headers"],
  [instructionCount, "alignment"],
  [instructionExact, "exact instructions"],
  [functionSame, "closures"],
  [literalSame, "literal references"],
  [bigInt, "literal references"],
  [jumpSame, "jumps"],
  [cacheSlotSame, "caches"],
  [doubleSame, "numbers"],
  [registerSame, "registers"],
  [integerShift, "immediates"],
  [switchSame, "switches"],
  [exceptionCount, "exception tables"],
  [debugOffset, void 0]
];
var OF_SET = [
  [0, void 0],
  [literalTag, "literal tags"],
  [literalInteger, "literal integers"],
  [literalDouble, "literal numbers"],
  [literalRest, "literal numbers"],
  [stringRecent, "string references"],
  [flags, "function headers"],
  [opcode, "opcodes"],
  [register, "registers"],
  [immediate, "immediates"],
  [double, "numbers"],
  [cacheSlot, "caches"],
  [cacheSlot + 2, void 0]
];
function detailOfContext(context) {
  return nameOf(OF_CONTEXT, context);
}
function detailOfSet(set) {
  return nameOf(OF_SET, set);
}
function nameOf(names, number2) {
  let found;
  for (const [first, name] of names) if (first <= number2) found = name;
  return found;
}

// packages/delta/src/hermes/encode/answering-coder.ts
function createAnsweringCoder(range, targetSizeBytes) {
  let things = [];
  let nextThing = 0;
  let bits2 = [];
  let nextBit = 0;
  let learning = false;
  let part2 = "";
  const base = createCoder(
    (probability) => range.code(bits2[nextBit++], probability),
    Number.POSITIVE_INFINITY,
    targetSizeBytes
  );
  const peek = () => {
    if (nextThing >= things.length) throw new Error("The coder was asked for more than it was told");
    return things[nextThing];
  };
  const take = () => {
    const thing = peek();
    nextThing++;
    if (nextThing === things.length) {
      things = [];
      nextThing = 0;
    }
    return thing;
  };
  const answer = (value, count2) => {
    if (nextBit === bits2.length) {
      bits2 = [];
      nextBit = 0;
    }
    for (let i2 = count2 - 1; i2 >= 0; i2--) bits2.push(Math.floor(value / 2 ** i2) % 2);
  };
  const flag = (context, value) => {
    range.section(detailOfContext(context) ?? part2);
    answer(value ? 1 : 0, 1);
    return base.flag(context);
  };
  const number2 = (context, value) => {
    range.section(detailOfContext(context) ?? part2);
    let length = 0;
    while (value + 1 >= 2 ** (length + 1)) length++;
    answer(length, 6);
    answer(value + 1, length);
    return base.number(context);
  };
  const signed = (context, value) => {
    number2(context, value >= 0 ? value * 2 : -value * 2 - 1);
    return value;
  };
  return {
    coder: {
      contexts: base.contexts,
      done: take,
      flag: (context, find) => flag(context, find === void 0 ? take() === 1 : find(peek())),
      is: (context, candidate) => {
        const same = flag(context, peek() === candidate);
        if (same) take();
        return same;
      },
      learn: (value) => {
        learning = value >= 0;
        base.learn(value);
      },
      near: (context, expected) => expected + signed(context, take() - expected | 0),
      number: (context, find) => number2(context, find === void 0 ? take() : find(peek())),
      signed: (context) => signed(context, take()),
      symbol: (size, set, count2, find) => {
        if (!learning) {
          range.section(detailOfSet(set) ?? part2);
          answer((find === void 0 ? take() : find(peek())) & 2 ** size - 1, size);
        }
        return base.symbol(size, set, count2);
      },
      tableBits: base.tableBits
    },
    section: (name) => {
      part2 = name;
    },
    tell: (...list2) => {
      for (const thing of list2) things.push(thing);
    }
  };
}

// packages/delta/src/hermes/work.ts
function finish(work) {
  for (; ; ) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

// packages/delta/src/hermes/encode/find-packing.ts
function findPacking(old, target2) {
  const oldStorage = sectionBytes(old, "stringStorage");
  const storage = sectionBytes(target2, "stringStorage");
  const oldIds = /* @__PURE__ */ new Map();
  for (let i2 = 0; i2 < old.strings.count; i2++) {
    const key = keyOf(stringText(old.strings, oldStorage, i2), old.strings.wide[i2]);
    if (oldIds.has(key)) return void 0;
    oldIds.set(key, i2);
  }
  const seen = /* @__PURE__ */ new Set();
  for (let i2 = 0; i2 < target2.strings.count; i2++) {
    const key = keyOf(stringText(target2.strings, storage, i2), target2.strings.wide[i2]);
    if (seen.has(key)) return void 0;
    seen.add(key);
  }
  const sorted = sortStrings(
    target2,
    (id) => oldIds.get(keyOf(stringText(target2.strings, storage, id), target2.strings.wide[id])) ?? -1
  );
  const made2 = finish(layOut(sorted));
  if (made2 === void 0 || !sameBytes(made2.storage, storage)) return void 0;
  const { table } = made2;
  for (let i2 = 0; i2 < target2.strings.count; i2++) {
    if (table.offset[i2] !== target2.strings.offset[i2] || table.length[i2] !== target2.strings.length[i2] || table.wide[i2] !== target2.strings.wide[i2]) {
      return void 0;
    }
  }
  return sorted;
}
function keyOf(text2, wide) {
  return `${wide}${text2}`;
}

// packages/delta/src/hermes/encode/plan-file.ts
function planFile({ section, tell }, old, target2) {
  const { bytes, functions, header, layout } = target2;
  return {
    corrections: (made2) => {
      section("corrections");
      const wrong = [];
      for (let i2 = 0; i2 < bytes.length - FOOTER_SIZE; i2++) if (made2[i2] !== bytes[i2]) wrong.push(i2);
      tell(wrong.length);
      wrong.forEach((at, i2) => tell(at - (wrong[i2 - 1] ?? 0), bytes[at]));
    },
    debugOffsets: (j) => {
      section("debug offsets");
      const has = (functions.fields.flags[j] & HAS_DEBUG_INFO) !== 0;
      for (let k = 0; k < layout.debugWords; k++) tell(has ? readFunctionInfo(target2, j).debug[k] : 0);
    },
    hashes: () => {
      section("hashes");
      const source = bytes.subarray(12, HEADER_WORDS_AT);
      const same = source.every((byte, i2) => byte === old.bytes[12 + i2]);
      tell(same ? 1 : 0);
      if (!same) tell(...source);
      tell(...bytes.subarray(bytes.length - FOOTER_SIZE));
    },
    headerWords: (foreseen) => {
      section("header");
      const same = target2.options === old.options && layout.header.every((name) => header[name] === foreseen[name]);
      tell(same ? 1 : 0);
      if (!same) tell(...layout.header.map((name) => header[name]), target2.options);
    }
  };
}

// packages/delta/src/hermes/encode/match-functions.ts
var MAX_PAIRS = 25e4;
var MAX_DEPTH2 = 60;
function matchFunctions(old, target2, table) {
  const before = fingerprints(old, table);
  const after = fingerprints(target2, table);
  const a = before.whole;
  const b = after.whole;
  const sources = new Int32Array(b.length).fill(-1);
  const used = new Uint8Array(a.length);
  const gaps = [];
  const pair = (i2, j) => {
    sources[j] = i2;
    used[i2] = 1;
  };
  const matchRange = (a0, a1, b0, b1, depth) => {
    while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) pair(a0++, b0++);
    while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) pair(--a1, --b1);
    if (a0 >= a1 || b0 >= b1) {
      if (b0 < b1) gaps.push([a0, a1, b0, b1]);
      return;
    }
    const anchors = depth > MAX_DEPTH2 ? [] : longestAscending(uniquePairs(a, a0, a1, b, b0, b1));
    if (anchors.length === 0) {
      gaps.push([a0, a1, b0, b1]);
      return;
    }
    let [i0, j0] = [a0, b0];
    for (const [i2, j] of anchors) {
      if (i2 < i0 || j < j0) continue;
      pair(i2, j);
      matchRange(i0, i2, j0, j, depth + 1);
      [i0, j0] = [i2 + 1, j + 1];
    }
    matchRange(i0, a1, j0, b1, depth + 1);
  };
  matchRange(0, a.length, 0, b.length, 0);
  for (const gap2 of gaps) alignGap(gap2, before, after, pair);
  const bySignature = /* @__PURE__ */ new Map();
  for (let i2 = 0; i2 < a.length; i2++) if (used[i2] === 0 && !bySignature.has(a[i2])) bySignature.set(a[i2], i2);
  for (let j = 0; j < b.length; j++) {
    if (sources[j] >= 0 || target2.functions.fields.size[j] <= 24) continue;
    const i2 = bySignature.get(b[j]);
    if (i2 !== void 0 && used[i2] === 0) pair(i2, j);
  }
  return sources;
}
function uniquePairs(a, a0, a1, b, b0, b1) {
  const inA = /* @__PURE__ */ new Map();
  for (let i2 = a0; i2 < a1; i2++) inA.set(a[i2], inA.has(a[i2]) ? -1 : i2);
  const inB = /* @__PURE__ */ new Map();
  for (let j = b0; j < b1; j++) inB.set(b[j], inB.has(b[j]) ? -1 : j);
  const pairs = [];
  for (let j = b0; j < b1; j++) {
    const i2 = inA.get(b[j]);
    if (inB.get(b[j]) === j && i2 !== void 0 && i2 >= 0) pairs.push([i2, j]);
  }
  return pairs;
}
function longestAscending(pairs) {
  const tails = [];
  const back = new Int32Array(pairs.length).fill(-1);
  for (let k = 0; k < pairs.length; k++) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (pairs[tails[middle]][0] < pairs[k][0]) low = middle + 1;
      else high = middle;
    }
    back[k] = low > 0 ? tails[low - 1] : -1;
    tails[low] = k;
  }
  const longest = [];
  for (let k = tails.length > 0 ? tails[tails.length - 1] : -1; k >= 0; k = back[k]) longest.push(pairs[k]);
  return longest.reverse();
}
function alignGap([a0, a1, b0, b1], before, after, pair) {
  const n = a1 - a0;
  const m = b1 - b0;
  if (n === 0 || m === 0 || n * m > MAX_PAIRS) return;
  const left = Array.from({ length: n }, (_, i2) => before.features(a0 + i2));
  const right = Array.from({ length: m }, (_, j) => after.features(b0 + j));
  const width = m + 1;
  const score = new Float64Array((n + 1) * width);
  const step = new Uint8Array((n + 1) * width);
  for (let i2 = 1; i2 <= n; i2++) {
    for (let j = 1; j <= m; j++) {
      let like = likeness(left[i2 - 1], right[j - 1]);
      if (before.names[a0 + i2 - 1] === after.names[b0 + j - 1]) like += 0.1;
      let best = score[(i2 - 1) * width + j];
      let way = 1;
      if (score[i2 * width + j - 1] > best) [best, way] = [score[i2 * width + j - 1], 2];
      const both = score[(i2 - 1) * width + j - 1] + like - 0.3;
      if (like > 0.4 && both > best) [best, way] = [both, 3];
      score[i2 * width + j] = best;
      step[i2 * width + j] = way;
    }
  }
  for (let i2 = n, j = m; i2 > 0 && j > 0; ) {
    const way = step[i2 * width + j];
    if (way === 3) pair(a0 + --i2, b0 + --j);
    else if (way === 1) i2--;
    else j--;
  }
}
function likeness(a, b) {
  let i2 = 0;
  let j = 0;
  let common = 0;
  while (i2 < a.length && j < b.length) {
    if (a[i2] === b[j]) {
      common++;
      i2++;
      j++;
    } else if (a[i2] < b[j]) i2++;
    else j++;
  }
  return 2 * common / (a.length + b.length + 1e-9);
}
function fingerprints(file, table) {
  const { bytes, functions, strings: strings2 } = file;
  const { fields } = functions;
  const storage = file.sections.stringStorage.offset;
  const text2 = new Int32Array(strings2.count);
  for (let i2 = 0; i2 < strings2.count; i2++) {
    let h = strings2.wide[i2] + 17;
    const start = storage + strings2.offset[i2];
    const end = start + strings2.length[i2] * (1 + strings2.wide[i2]);
    for (let at = start; at < end; at++) h = Math.imul(h ^ bytes[at], 16777619);
    text2[i2] = h;
  }
  const whole = new Float64Array(functions.count);
  for (let index = 0; index < functions.count; index++) {
    let h = mix(
      mix(mix(fields.paramCount[index], fields.frameSize[index]), fields.flags[index] & ~IS_LARGE),
      text2[fields.functionName[index]] ?? 0
    );
    let g = h ^ 1540483477;
    const add2 = (value) => {
      h = mix(h, value);
      g = Math.imul(g ^ value, 16777619) ^ g >>> 13;
    };
    const end = fields.offset[index] + fields.size[index];
    for (let at = fields.offset[index]; at < end; ) {
      const op = bytes[at];
      if (table.size[op] === 0) break;
      add2(table.family[op]);
      const letters = table.operands[op];
      for (let i2 = 0; i2 < letters.length; i2++) {
        const place = at + table.offsets[op][i2];
        const letter = letters.charAt(i2);
        const kind = operandKind(letter);
        if (kind === "s") add2(text2[readOperand(bytes, place, letter)] ?? 0);
        else if (kind === "d") add2(readU32(bytes, place) ^ readU32(bytes, place + 4));
        else if ("bhwicm".includes(kind)) add2(readOperand(bytes, place, letter));
        else add2(0);
      }
      at += table.size[op];
    }
    whole[index] = (h >>> 0) * 2097152 + (g >>> 0 & 2097151);
  }
  const nameOperand = table.stringOperand;
  return {
    features: (index) => {
      const list2 = [];
      let [op1, op2] = [0, 0];
      const end = fields.offset[index] + fields.size[index];
      for (let at = fields.offset[index]; at < end; ) {
        const op = bytes[at];
        if (table.size[op] === 0) break;
        const family2 = table.family[op];
        list2.push(mix(mix(op2, op1), family2) & 16777215);
        const operand = nameOperand[op];
        if (operand >= 0) {
          const id = readOperand(bytes, at + table.offsets[op][operand], table.operands[op].charAt(operand));
          list2.push((text2[id] ?? 0) & 16777215 | 16777216);
        }
        op2 = op1;
        op1 = family2;
        at += table.size[op];
      }
      return Int32Array.from(list2).sort();
    },
    names: Int32Array.from(fields.functionName, (id) => text2[id] ?? 0),
    whole
  };
}

// packages/delta/src/hermes/encode/align-instructions.ts
var MAX_CELLS = 16e6;
function createAligner(table) {
  const nameOperand = table.stringOperand;
  const isJump = table.kinds.map((kinds) => kinds.includes("j"));
  const keyOf2 = ({ op, values }) => mix(table.family[op], nameOperand[op] >= 0 ? values[nameOperand[op]] + 7 : 0);
  const sameOperation = (a, b) => table.family[a] === table.family[b] || isJump[a] && isJump[b] && Math.abs(a - b) === 1 && table.operands[a].toLowerCase() === table.operands[b].toLowerCase() && table.operands[a] !== table.operands[b];
  return ({ instructions: a }, { instructions: b }) => {
    const aligned = new Int32Array(b.length).fill(-1);
    const ka = Int32Array.from(a, keyOf2);
    const kb = Int32Array.from(b, keyOf2);
    let start = 0;
    let [endA, endB] = [a.length, b.length];
    while (start < endA && start < endB && ka[start] === kb[start]) {
      aligned[start] = start;
      start++;
    }
    while (endA > start && endB > start && ka[endA - 1] === kb[endB - 1]) aligned[--endB] = --endA;
    const score = (x2, y) => {
      if (!sameOperation(a[x2].op, b[y].op)) return -1;
      let sum = ka[x2] === kb[y] ? 2.5 : 1;
      for (let i2 = 0; i2 < a[x2].values.length && i2 < b[y].values.length; i2++)
        if (a[x2].values[i2] === b[y].values[i2]) sum += 0.3;
      return sum;
    };
    const program2 = (a02, a1, b02, b1) => {
      const n = a1 - a02;
      const m = b1 - b02;
      if (n === 0 || m === 0 || n * m > MAX_CELLS) return;
      const width = m + 1;
      const best = new Float32Array((n + 1) * width);
      const way = new Uint8Array((n + 1) * width);
      for (let i2 = 1; i2 <= n; i2++) {
        for (let j = 1; j <= m; j++) {
          let value = best[(i2 - 1) * width + j];
          let step = 1;
          if (best[i2 * width + j - 1] > value) [value, step] = [best[i2 * width + j - 1], 2];
          const gain = score(a02 + i2 - 1, b02 + j - 1);
          if (gain > 0) {
            const diagonal = (i2 - 1) * width + j - 1;
            const both = best[diagonal] + gain - 0.2 + (way[diagonal] === 3 ? 0.4 : 0);
            if (both >= value) [value, step] = [both, 3];
          }
          best[i2 * width + j] = value;
          way[i2 * width + j] = step;
        }
      }
      for (let i2 = n, j = m; i2 > 0 && j > 0; ) {
        const step = way[i2 * width + j];
        if (step === 3) aligned[b02 + --j] = a02 + --i2;
        else if (step === 1) i2--;
        else j--;
      }
    };
    if ((endA - start) * (endB - start) <= MAX_CELLS) {
      program2(start, endA, start, endB);
      return aligned;
    }
    let [a0, b0] = [start, start];
    for (const [i2, j] of longestAscending(uniqueWindows(ka, start, endA, kb, start, endB))) {
      if (i2 < a0 || j < b0) continue;
      program2(a0, i2, b0, j);
      aligned[j] = i2;
      [a0, b0] = [i2 + 1, j + 1];
    }
    program2(a0, endA, b0, endB);
    return aligned;
  };
}
function uniqueWindows(ka, a0, a1, kb, b0, b1) {
  const window = (keys, i2) => mix4(keys[i2], keys[i2 + 1] | 0, keys[i2 + 2] | 0, keys[i2 + 3] | 0);
  const inA = /* @__PURE__ */ new Map();
  for (let i2 = a0; i2 < a1; i2++) inA.set(window(ka, i2), inA.has(window(ka, i2)) ? -1 : i2);
  const inB = /* @__PURE__ */ new Map();
  for (let j = b0; j < b1; j++) inB.set(window(kb, j), inB.has(window(kb, j)) ? -1 : j);
  const pairs = [];
  for (let j = b0; j < b1; j++) {
    const i2 = inA.get(window(kb, j));
    if (inB.get(window(kb, j)) === j && i2 !== void 0 && i2 >= 0) pairs.push([i2, j]);
  }
  return pairs;
}

// packages/delta/src/hermes/encode/target-functions.ts
function bodyOwners({ functions }) {
  const { offset, size } = functions.fields;
  const first = /* @__PURE__ */ new Map();
  return Int32Array.from({ length: functions.count }, (_, j) => {
    const key = bodyKey(offset[j], size[j]);
    const owner = first.get(key);
    if (owner === void 0) first.set(key, j);
    return owner ?? j;
  });
}
function targetCode(target2, table, j) {
  return takeApart(
    target2,
    table,
    j,
    (at) => readInstruction(table, target2.bytes, at),
    (id) => id
  );
}
function unmodifiedFunctions(old, target2, table, sources, newStringIds, owners, predictor, switchesKept2) {
  const unmodified = new Uint8Array(sources.length);
  const before = old.functions.fields;
  const after = target2.functions.fields;
  const compared = old.layout.functionHeader.map(([name]) => name).filter((name) => !["offset", "size", "infoOffset", "functionName", "flags"].includes(name));
  const firstWithBody = /* @__PURE__ */ new Map();
  for (let j = 0; j < sources.length; j++) {
    const i2 = sources[j];
    if (i2 < 0) continue;
    const key = bodyKey(before.offset[i2], before.size[i2]);
    const first = firstWithBody.get(key);
    const sameHeader = mapped(newStringIds, before.functionName[i2]) === after.functionName[j] && (before.flags[i2] & ~IS_LARGE) === (after.flags[j] & ~IS_LARGE) && compared.every((name) => before[name][i2] === after[name][j]);
    if (!sameHeader) continue;
    if (first !== void 0) {
      if (owners[j] === owners[first]) unmodified[j] = 1;
      continue;
    }
    if (owners[j] !== j || !comesOut(target2, table, j, predictor, i2, switchesKept2)) continue;
    unmodified[j] = 1;
    firstWithBody.set(key, j);
  }
  return unmodified;
}
function comesOut(target2, table, j, predictor, i2, switchesKept2) {
  const predicted = predictor.predict(i2);
  const start = target2.functions.fields.offset[j];
  const end = start + target2.functions.fields.size[j];
  let code = target2.bytes.subarray(start, end);
  if (!switchesKept2 && predicted.stringSwitches.length > 0) {
    code = code.slice();
    for (const at of predicted.stringSwitches) writeU32(code, at, readI32(predicted.code, at));
  }
  if (!sameBytes(predicted.code, code)) return false;
  const tables = align4(end);
  if (!sameBytes(
    predicted.tables,
    target2.bytes.subarray(tables, tables + tableBytes(target2, table, start, end))
  ))
    return false;
  const { exceptions } = readFunctionInfo(target2, j);
  return exceptions.length === predicted.exceptions.length && exceptions.every((entry, k) => entry.every((offset, n) => offset === predicted.exceptions[k][n]));
}
function tableBytes({ bytes }, table, start, end) {
  let size = 0;
  for (let at = start; at < end && table.size[bytes[at]] > 0; at += table.size[bytes[at]]) {
    const op = bytes[at];
    if (!table.kinds[op].includes("t")) continue;
    const keyed = table.kinds[op].includes("q");
    const word = (i2) => readU32(bytes, at + table.offsets[op][i2]);
    size += (keyed ? 8 : 4) * switchSize(keyed, word);
  }
  return size;
}

// packages/delta/src/hermes/encode/tell.ts
function tellSequence(tell, wanted, oldCount, successor = successorBelow(oldCount)) {
  const whole = runAt(wanted, 0, -1, successor) === wanted.length;
  tell(whole ? 1 : 0);
  if (whole) return;
  let previous = -1;
  for (let j = 0; j < wanted.length; ) {
    const run = runAt(wanted, j, previous, successor);
    tell(run);
    j += run;
    if (run > 0) previous = wanted[j - 1];
    if (j >= wanted.length) break;
    tell(wanted[j] < 0 ? 1 : 0);
    if (wanted[j] < 0) {
      let fresh = 1;
      while (j + fresh < wanted.length && wanted[j + fresh] < 0) fresh++;
      tell(fresh - 1);
      j += fresh;
      if (j >= wanted.length) break;
      const jumps = wanted[j] !== successor(previous);
      tell(jumps ? 1 : 0);
      if (!jumps) continue;
    }
    previous = wanted[j++];
    tell(previous);
  }
}
function runAt(wanted, start, before, successor) {
  let j = start;
  for (let previous = before; j < wanted.length; j++) {
    previous = successor(previous);
    if (previous < 0 || wanted[j] !== previous) break;
  }
  return j - start;
}
function tellCopies(tell, old, wanted, findCopies2, region) {
  const unchanged = sameBytes(wanted, old);
  tell(unchanged ? 1 : 0);
  if (unchanged) return;
  const copies = findCopies2();
  tell(wanted.length, copies.length / 3);
  let at = 0;
  for (let i2 = 0; i2 < copies.length; i2 += 3) {
    const [to, from, size] = copies.subarray(i2, i2 + 3);
    const full = size === Math.min(wanted.length - to, old.length - from);
    tell(to - at, from, full ? 1 : 0);
    if (!full) tell(size);
    at = to + size;
  }
  at = 0;
  for (let i2 = 0; i2 <= copies.length; i2 += 3) {
    const until = i2 < copies.length ? copies[i2] : wanted.length;
    if (at < until) region(at, until);
    at = until + (copies[i2 + 2] ?? 0);
  }
}

// packages/delta/src/hermes/encode/plan-functions.ts
function planFunctions({ section, tell }, old, target2, table) {
  const { fields } = target2.functions;
  const owners = bodyOwners(target2);
  const align = createAligner(table);
  const [plainFields, cacheFields] = codedFields(target2.layout);
  const kept = target2.header.numStringSwitchImms === old.header.numStringSwitchImms;
  let current = 0;
  let code = { exceptions: [], instructions: [], switches: [] };
  const tellInstruction = (wanted, like) => {
    const { double: double2, op, target: jump, values } = wanted;
    const kinds = table.kinds[op];
    tell(op);
    for (let step = 0; step < kinds.length; step++) {
      const a = (step + table.writesFirst[op]) % kinds.length;
      if ("tcm".includes(kinds[a])) continue;
      if (kinds[a] === "j") {
        tell(jump);
      } else if (kinds[a] !== "d") {
        tell(values[a]);
      } else {
        const known = like !== void 0 && table.family[like.op] === table.family[op] ? like.double : void 0;
        const bytes = double2;
        const same = known !== void 0 && sameBytes(known, bytes);
        if (known !== void 0) tell(same ? 1 : 0);
        if (!same) tell(...bytes.slice().reverse());
      }
    }
    const cache = kinds.search(/[cm]/);
    if (cache >= 0) tell(values[cache]);
  };
  return {
    functionCode: (before) => {
      code = targetCode(target2, table, current);
      const count2 = code.instructions.length;
      tell(count2);
      if (before === void 0) return;
      const aligned = align(before, code);
      for (let i2 = 0, from = 0; i2 < count2; ) {
        let run = 0;
        while (i2 + run < count2 && aligned[i2 + run] === from + run) run++;
        tell(run);
        i2 += run;
        from += run;
        if (i2 >= count2) break;
        let inserted = 0;
        while (i2 + inserted < count2 && aligned[i2 + inserted] < 0) inserted++;
        i2 += inserted;
        const deleted = i2 < count2 ? aligned[i2] - from : 0;
        tell(inserted, deleted);
        from += deleted;
      }
    },
    functionEnd: () => {
      cacheFields.forEach((name) => tell(fields[name][current]));
      for (const { keyed, keys, targets } of code.switches) {
        targets.forEach((place, k) => {
          if (keyed) tell(keys[k]);
          tell(place);
        });
      }
      if ((fields.flags[current] & HAS_EXCEPTIONS) === 0) return;
      tell(code.exceptions.length);
      for (const entry of code.exceptions) tell(...entry);
    },
    functionHeader: (j) => {
      section("function headers");
      current = j;
      tell(fields.functionName[j], fields.flags[j] & ~IS_LARGE);
      plainFields.forEach((name) => tell(fields[name][j]));
      const shared = owners[j] !== j;
      tell(shared ? 1 : 0);
      if (!shared) return;
      tell(j - 1 - owners[j]);
      cacheFields.forEach((name) => tell(fields[name][j]));
    },
    functionList: () => {
      section("function list");
      tell(target2.functions.count);
      tellSequence(tell, matchFunctions(old, target2, table), old.functions.count);
    },
    instruction: (i2, prediction, aligned) => {
      const wanted = code.instructions[i2];
      if (aligned) {
        const exact = sameInstruction(prediction, wanted);
        tell(exact ? 1 : 0);
        if (exact) return;
      }
      tellInstruction(wanted, prediction);
    },
    modified: (sources, newStringIds, predictor) => {
      section("function list");
      const unmodified = unmodifiedFunctions(
        old,
        target2,
        table,
        sources,
        newStringIds,
        owners,
        predictor,
        kept
      );
      const states = [];
      sources.forEach((source, j) => {
        if (source >= 0) states.push(unmodified[j]);
      });
      const run = (start, state) => {
        let length = 0;
        while (states[start + length] === state) length++;
        return length;
      };
      for (let i2 = 0; i2 < states.length; ) {
        tell(run(i2, 1));
        i2 += run(i2, 1);
        if (i2 >= states.length) break;
        tell(run(i2, 0) - 1);
        i2 += run(i2, 0);
      }
    },
    switchesKept: () => {
      section("function list");
      tell(kept ? 1 : 0);
    }
  };
}
function sameInstruction(a, b) {
  return a.op === b.op && a.target === b.target && a.values.every((value, i2) => value === b.values[i2]) && (a.double === void 0 || b.double !== void 0 && sameBytes(a.double, b.double));
}

// packages/delta/src/hermes/encode/lz-copies.ts
var HASH_BITS = 18;
var MAX_CHAIN = 96;
var MIN_DIAGONAL = 3;
var LONG_ENOUGH = 48;
function findCopies(old, wanted, minLength2) {
  const key = Math.min(minLength2, 8);
  const head = new Int32Array(1 << HASH_BITS).fill(-1);
  const previous = new Int32Array(old.length);
  const hash2 = (bytes, at) => {
    let h = 0;
    for (let i2 = 0; i2 < key; i2++) {
      h = Math.imul(h, 16777619) ^ bytes[at + i2];
      h ^= h >>> 15;
    }
    return Math.imul(h, 2654435761) >>> 32 - HASH_BITS;
  };
  for (let at = 0; at + key <= old.length; at++) {
    const slot = hash2(old, at);
    previous[at] = head[slot];
    head[slot] = at;
  }
  const matchLength = (from, at) => {
    const limit = Math.min(old.length - from, wanted.length - at);
    let length = 0;
    while (length < limit && old[from + length] === wanted[at + length]) length++;
    return length;
  };
  const copies = [];
  let diagonal = 0;
  for (let at = 0; at < wanted.length; ) {
    let best = 0;
    let source = 0;
    const straight = at + diagonal;
    if (straight >= 0 && straight < old.length) {
      const length = matchLength(straight, at);
      if (length >= MIN_DIAGONAL) [best, source] = [length, straight];
    }
    if (best < LONG_ENOUGH && at + key <= wanted.length) {
      let from = head[hash2(wanted, at)];
      for (let tried = 0; from >= 0 && tried < MAX_CHAIN; tried++, from = previous[from]) {
        const length = matchLength(from, at);
        if (length >= minLength2 && length > best + (best > 0 ? 10 : 0)) [best, source] = [length, from];
      }
    }
    if (best >= MIN_DIAGONAL) {
      copies.push(at, source, best);
      at += best;
      diagonal = source + best - at;
    } else {
      at++;
    }
  }
  return Int32Array.from(copies);
}

// packages/delta/src/hermes/encode/vote.ts
function vote(old, target2, table, sources) {
  const votes = { k: /* @__PURE__ */ new Map(), o: /* @__PURE__ */ new Map(), p: /* @__PURE__ */ new Map(), v: /* @__PURE__ */ new Map() };
  const before = old.functions.fields;
  const after = target2.functions.fields;
  for (let j = 0; j < sources.length; j++) {
    const i2 = sources[j];
    if (i2 < 0) continue;
    let a = before.offset[i2];
    let b = after.offset[j];
    const endA = a + before.size[i2];
    const endB = b + after.size[j];
    while (a < endA && b < endB) {
      const opA = old.bytes[a];
      const opB = target2.bytes[b];
      if (table.size[opA] === 0 || table.size[opB] === 0 || table.family[opA] !== table.family[opB]) break;
      for (const n of table.references[opA]) {
        const kind = operandKind(table.operands[opA].charAt(n));
        if (kind !== "v" && kind !== "k" && kind !== "o" && kind !== "p") continue;
        const from = readOperand(old.bytes, a + table.offsets[opA][n], table.operands[opA].charAt(n));
        const to = readOperand(target2.bytes, b + table.offsets[opB][n], table.operands[opB].charAt(n));
        const counts = votes[kind].get(from) ?? /* @__PURE__ */ new Map();
        votes[kind].set(from, counts.set(to, (counts.get(to) ?? 0) + 1));
      }
      a += table.size[opA];
      b += table.size[opB];
    }
  }
  return votes;
}

// packages/delta/src/hermes/encode/plan-sections.ts
var MIN_LITERAL_COPY = 10;
var NAMES = {
  bigIntStorage: "big integers",
  bigIntTable: "big integers",
  regExpStorage: "regular expressions",
  stringStorage: "string text"
};
function planSections({ section, tell }, old, target2, table) {
  const regExpTable = sectionBytes(target2, "regExpTable");
  const sources = sectionBytes(target2, "functionSources");
  const shapes = words(sectionBytes(target2, "shapes"));
  let votes;
  return {
    copies: (name, before, minLength2) => {
      section(NAMES[name] ?? "other sections");
      const wanted = name === "debugInfo" ? debugSection(target2) : sectionBytes(target2, name);
      tellCopies(
        tell,
        before,
        wanted,
        () => findCopies(before, wanted, minLength2),
        (from, to) => wanted.subarray(from, to).forEach((byte) => tell(byte))
      );
    },
    functionSource: (j) => tell(readU32(sources, 8 * j), readU32(sources, 8 * j + 4)),
    functionSources: (moved) => {
      section("function sources");
      const unchanged = sameBytes(moved, sources);
      tell(unchanged ? 1 : 0);
      if (unchanged) return;
      const key = (bytes, i2) => bytes.subarray(8 * i2, 8 * i2 + 8).join();
      const index = new Map(Array.from({ length: moved.length / 8 }, (_, i2) => [key(moved, i2), i2]));
      const count2 = sources.length / 8;
      const wanted = Int32Array.from({ length: count2 }, (_, j) => index.get(key(sources, j)) ?? -1);
      tell(count2);
      tellSequence(tell, wanted, moved.length / 8);
    },
    literals: (name, before, remapped) => {
      section("literal copies");
      const wanted = sectionBytes(target2, name);
      const appended = wanted.length >= before.length && sameBytes(wanted.subarray(0, before.length), before) && !sameBytes(remapped, before);
      tell(appended ? 1 : 0);
      const dictionary = appended ? joined(remapped, before) : remapped;
      tellCopies(
        tell,
        dictionary,
        wanted,
        () => findCopies(dictionary, wanted, MIN_LITERAL_COPY),
        (from, to) => tellLiterals(tell, target2.layout.literalSizes, wanted, from, to)
      );
    },
    modules: (before, functionSources) => {
      section("modules");
      const idOf2 = new Map(before);
      const after = readModules(target2, table);
      const wanted = new Int32Array(moduleCount(after)).fill(-1);
      for (const [closure, id] of after) wanted[id] = idOf2.get(functionSources[closure] ?? -1) ?? -1;
      tell(wanted.length);
      tellSequence(tell, wanted, moduleCount(before));
    },
    overrides: (kind, map, functionSources) => {
      section("moved literals");
      votes ??= vote(old, target2, table, functionSources);
      const wanted = [];
      votes[kind].forEach((counts, from) => {
        let best = -1;
        let most = 0;
        counts.forEach((count2, to) => {
          if (count2 > most) [best, most] = [to, count2];
        });
        if (from < map.length && map[from] !== best && (counts.get(map[from]) ?? 0) < most)
          wanted.push([from, best]);
      });
      wanted.sort((a, b) => a[0] - b[0]);
      tell(wanted.length);
      let last = 0;
      for (const [from, to] of wanted) {
        tell(from - last, to);
        last = from;
      }
    },
    regExp: (j, fresh) => {
      if (fresh) tell(readU32(regExpTable, 8 * j + 4));
      tell(readU32(regExpTable, 8 * j));
    },
    regExps: () => {
      const wanted = matchRegExps(old, target2);
      tell(wanted.length);
      tellSequence(tell, wanted, old.header.regExpCount);
    },
    regExpsChange: () => {
      section("regular expressions");
      const same = ["regExpStorage", "regExpTable"].every(
        (name) => sameBytes(sectionBytes(old, name), sectionBytes(target2, name))
      );
      tell(same ? 1 : 0);
    },
    shape: (j) => tell(shapes[2 * j], shapes[2 * j + 1]),
    shapes: (before, keyMap) => {
      section("shapes");
      const index = /* @__PURE__ */ new Map();
      for (let i2 = 0; i2 < before.length; i2 += 2) {
        const place = keyMap[before[i2]];
        if (place >= 0) index.set(place * 65536 + before[i2 + 1], i2 / 2);
      }
      const wanted = Int32Array.from(
        { length: shapes.length / 2 },
        (_, j) => index.get(shapes[2 * j] * 65536 + shapes[2 * j + 1]) ?? -1
      );
      tell(wanted.length);
      tellSequence(tell, wanted, before.length / 2);
    }
  };
}
function tellLiterals(tell, sizes, wanted, from, to) {
  let left = 0;
  let type = 0;
  for (let at = from; at < to; ) {
    if (left === 0) {
      const tag = wanted[at++];
      tell(tag);
      left = tag & 15;
      type = tag >> 4 & 7;
      if (tag > 127 && at < to) {
        tell(wanted[at]);
        left = left << 8 | wanted[at++];
      }
      continue;
    }
    const size = sizes[type];
    if (size === 0) {
      left = 0;
      continue;
    }
    if (at + size > to) {
      wanted.subarray(at, to).forEach((byte) => tell(byte));
      return;
    }
    if (size === 2) tell(readU16(wanted, at));
    else tell(...wanted.slice(at, at + size).reverse());
    at += size;
    left--;
  }
}
function matchRegExps(old, target2) {
  const key = (file, i2) => {
    const table = sectionBytes(file, "regExpTable");
    const from = readU32(table, 8 * i2);
    return sectionBytes(file, "regExpStorage").subarray(from, from + readU32(table, 8 * i2 + 4)).join();
  };
  const places = /* @__PURE__ */ new Map();
  for (let i2 = 0; i2 < old.header.regExpCount; i2++) {
    const k = key(old, i2);
    places.set(k, [...places.get(k) ?? [], i2]);
  }
  return Int32Array.from(
    { length: target2.header.regExpCount },
    (_, j) => places.get(key(target2, j))?.shift() ?? -1
  );
}

// packages/delta/src/hermes/encode/plan-strings.ts
function planStrings({ section, tell }, old, target2, packed) {
  const { strings: strings2 } = target2;
  const tellPlaces = (places) => {
    tell(places.length);
    places.forEach((place, i2) => tell(place - (i2 > 0 ? places[i2 - 1] + 1 : 0)));
  };
  return {
    containers: (sorted) => {
      section("string containers");
      const wanted = packed;
      const numbers = new Map(sorted.map((one, i2) => [one, i2]));
      const wantedNumbers = new Map(wanted.map((one, i2) => [one, i2]));
      const places = sorted.flatMap((one, i2) => {
        const inside = wanted[i2]?.inside;
        const same = one.inside === void 0 || inside === void 0 ? one.inside === inside : numbers.get(one.inside.container) === wantedNumbers.get(inside.container) && one.inside.at === inside.at;
        return same ? [] : [i2];
      });
      tellPlaces(places);
      for (const i2 of places) {
        const inside = wanted[i2]?.inside;
        if (inside === void 0) tell(0);
        else tell(1, wantedNumbers.get(inside.container), inside.at);
      }
    },
    kindRuns: () => {
      section("string table");
      const runs = kindRuns(strings2.kind);
      tell(runs.length);
      for (const [kind, length] of runs) tell(kind, length);
    },
    packedStrings: (before) => {
      section("string changes");
      const wanted = packed;
      const byId = new Map(wanted.map((one) => [one.oldId, one]));
      const changed = before.map(({ oldId, order }) => {
        const after = byId.get(oldId);
        return after !== void 0 && after.order !== order;
      });
      tellPlaces(before.flatMap(({ oldId }, i2) => byId.has(oldId) ? [] : [i2]));
      tellPlaces(changed.flatMap((is, i2) => is ? [i2] : []));
      before.forEach(({ oldId }, i2) => {
        if (changed[i2] === true) tell(byId.get(oldId).order);
      });
      const fresh = wanted.filter(({ oldId }) => oldId < 0);
      tell(fresh.length);
      let last = 0;
      for (const { order, text: text2, wide } of fresh) {
        tell(wide, order - last, text2.length);
        last = order;
        for (let k = 0; k < text2.length; k++) {
          const unit = text2.charCodeAt(k);
          tell(unit & 255);
          if (wide === 1) tell(unit >>> 8);
        }
      }
    },
    start: () => {
      section("string changes");
      tell(packed === void 0 ? 0 : 1);
    },
    stringEntry: (j) => {
      section("new strings");
      tell(strings2.wide[j], strings2.offset[j], strings2.length[j]);
    },
    stringReferences: (moved, kind, successor) => {
      section("string table");
      tellSequence(tell, matchEntries(old.strings, moved, kind, strings2), old.strings.count, successor);
    }
  };
}
function matchEntries(strings2, moved, kind, wanted) {
  const byPlace = /* @__PURE__ */ new Map();
  for (let i2 = 0; i2 < strings2.count; i2++) {
    if (moved[i2] < 0) continue;
    const key = `${moved[i2]} ${strings2.length[i2]} ${strings2.wide[i2]}`;
    const list2 = byPlace.get(key);
    if (list2 === void 0) byPlace.set(key, [i2]);
    else list2.push(i2);
  }
  const matched = new Int32Array(wanted.count).fill(-1);
  for (let j = 0; j < wanted.count; j++) {
    const list2 = byPlace.get(`${wanted.offset[j]} ${wanted.length[j]} ${wanted.wide[j]}`);
    if (list2 === void 0 || list2.length === 0) continue;
    const same = list2.findIndex((i2) => strings2.kind[i2] === kind[j]);
    matched[j] = list2.splice(Math.max(same, 0), 1)[0];
  }
  return matched;
}

// packages/delta/src/hermes/encode/range-encoder.ts
function createRangeEncoder() {
  const writer = createByteWriter();
  const costs = /* @__PURE__ */ new Map();
  let current = "";
  let bits2 = 0;
  let low = 0;
  let high = 4294967295;
  let decisions = 0;
  let flushed = 0;
  const settle2 = () => {
    if (bits2 > 0) costs.set(current, (costs.get(current) ?? 0) + bits2);
    bits2 = 0;
  };
  return {
    code: (bit, probability) => {
      decisions++;
      const range = high - low;
      const middle = low + (range >>> 16) * probability + ((range & 65535) * probability >>> 16);
      if (bit === 1) high = middle;
      else low = middle + 1;
      bits2 -= Math.log2((bit === 1 ? probability : 65536 - probability) / 65536);
      while (((low ^ high) & 4278190080) === 0) {
        writer.byte(high >>> 24);
        flushed++;
        low = low << 8 >>> 0;
        high = (high << 8 | 255) >>> 0;
      }
      return bit;
    },
    costs: () => {
      settle2();
      return costs;
    },
    decisions: () => decisions,
    finish: () => {
      const top = Math.ceil(low / 16777216) * 16777216;
      if (low > 0 && top <= high) {
        writer.byte(top >>> 24);
      } else if (low > 0) {
        for (let shift = 24; shift >= 0; shift -= 8) writer.byte(low >>> shift & 255);
      }
      const bytes = writer.finish();
      let length = bytes.length;
      while (length > Math.max(0, flushed - 4) && bytes[length - 1] === 0) length--;
      return bytes.slice(0, length);
    },
    section: (name) => {
      if (name === current) return;
      settle2();
      current = name;
    }
  };
}

// packages/delta/src/hermes/encode-hermes.ts
function encodeHermes(base, target2, { inlineOpcodeTable = false } = {}) {
  const version = hermesVersion(target2);
  if (version === void 0 || hermesVersion(base) !== version) return void 0;
  const text2 = OPCODE_TABLES[version];
  const layout = layoutById(version);
  if (text2 === void 0 || layout === void 0) return void 0;
  try {
    const table = parseOpcodeTable(text2);
    const old = parseHermes(base);
    const file = parseHermes(target2);
    const packed = findPacking(old, file);
    const attempts = [void 0, ...packed === void 0 ? [] : [packed]].map(
      (strings2) => encodeWith(old, file, table, strings2)
    );
    attempts.sort((a, b) => a.coded.length - b.coded.length);
    const [{ coded, range }] = attempts;
    if (range.decisions() > maxDecisions(coded.length)) return void 0;
    const writer = createByteWriter();
    writer.byte(inlineOpcodeTable ? layout.id : 0);
    if (inlineOpcodeTable) {
      writer.varint(text2.length);
      writer.bytes(Uint8Array.from(text2, (letter) => letter.charCodeAt(0)));
    }
    writer.bytes(coded);
    const body = writer.finish();
    if (!sameBytes(finish(decodeHermes(base, body, target2.length)), target2)) return void 0;
    const sections = [...range.costs()].map(([name, bits2]) => [name, bits2 / 8]).sort((a, b) => b[1] - a[1]);
    return { body, sections };
  } catch (error) {
    if (error instanceof Error && "code" in error) return void 0;
    throw error;
  }
}
function encodeWith(old, target2, table, packed) {
  const range = createRangeEncoder();
  const answering = createAnsweringCoder(range, target2.bytes.length);
  const plan = {
    ...planStrings(answering, old, target2, packed),
    ...planSections(answering, old, target2, table),
    ...planFunctions(answering, old, target2, table),
    ...planFile(answering, old, target2)
  };
  finish(codeHermes(answering.coder, old, table, target2.bytes.length, plan));
  return { coded: range.finish(), range };
}

// packages/delta/src/modelled/encode.ts
var MIN_COPY2 = 24;
function encodeModelled(base, target2, steps) {
  const bodies = [
    encodeWith2(base, target2, (answering) => planCopies(answering, base, target2)),
    encodeWith2(base, target2, (answering) => planSteps(answering, base, target2, steps))
  ].filter((body) => body !== void 0);
  return bodies.sort((a, b) => a.length - b.length)[0];
}
function encodeWith2(base, target2, createPlan) {
  const range = createRangeEncoder();
  const answering = createAnsweringCoder(range, target2.length);
  finish(codeModelled(answering.coder, base, target2.length, createPlan(answering)));
  const body = range.finish();
  return range.decisions() > maxDecisions(body.length) ? void 0 : body;
}
function planCopies({ tell }, base, target2) {
  tell(0);
  tellCopies(
    tell,
    base,
    target2,
    () => findCopies(base, target2, MIN_COPY2),
    (from, to) => target2.subarray(from, to).forEach((byte) => tell(byte))
  );
  return { step: () => void 0 };
}
function planSteps({ tell }, base, target2, steps) {
  tell(1, steps.length);
  return {
    step: (i2, from, at) => {
      const { addLength, extraLength, seek } = steps[i2];
      tell(addLength, extraLength, seek);
      for (let done = 0; done < addLength; done++) {
        let same = 0;
        while (done + same < addLength && target2[at + done + same] === base[from + done + same]) same++;
        tell(same);
        done += same;
        if (done < addLength) tell(target2[at + done] - base[from + done] & 255);
      }
      for (let k = at + addLength; k < at + addLength + extraLength; k++) tell(target2[k]);
    }
  };
}

// packages/delta/src/diff.ts
var PATCH_THRESHOLD = 0.6;
var CLEARLY_SMALL = 0.02;
async function createPatch(base, target2, {
  differ = suffixArrayDiffer,
  formats = ["kvh1", "kvm1", "kvd1"],
  inlineOpcodeTable = false
} = {}) {
  const prefix = (bytes) => sha256Hex(bytes).slice(0, HASH_PREFIX_BYTES * 2);
  const header = {
    basePrefixHex: prefix(base),
    baseSizeBytes: base.length,
    targetPrefixHex: prefix(target2),
    targetSizeBytes: target2.length
  };
  const encoded = formats.includes("kvh1") ? encodeHermes(base, target2, { inlineOpcodeTable }) : void 0;
  const structural = encoded === void 0 ? void 0 : {
    bytes: writeContainer({ ...header, format: "kvh1" }, encoded.body),
    format: "kvh1",
    sections: encoded.sections
  };
  if (structural !== void 0) {
    if (formats.every((format) => format === "kvh1") || structural.bytes.length < CLEARLY_SMALL * target2.length)
      return structural;
  }
  const steps = withoutEmptySteps(differ(base, target2));
  const candidates = structural === void 0 ? [] : [structural];
  const modelled = formats.includes("kvm1") ? encodeModelled(base, target2, steps) : void 0;
  if (modelled !== void 0) {
    candidates.push({ bytes: writeContainer({ ...header, format: "kvm1" }, modelled), format: "kvm1" });
  }
  if (formats.includes("kvd1") || candidates.length === 0) {
    const bytes = writeContainer({ ...header, format: "kvd1" }, encodeGeneric(base, target2, steps));
    candidates.push({ bytes, format: "kvd1" });
  }
  return candidates.reduce((best, one) => one.bytes.length < best.bytes.length ? one : best);
}
async function choosePatch(base, target2, { fullSizeBytes, ...options2 }) {
  const patch = await createPatch(base, target2, options2);
  return patch.bytes.length < PATCH_THRESHOLD * fullSizeBytes ? patch : void 0;
}

// packages/publisher/src/delta-patch-maker.ts
var deltaPatchMaker = {
  apply: (base, patch) => applyPatch(base, patch),
  create: (base, target2, fullSizeBytes) => choosePatch(base, target2, { fullSizeBytes })
};

// packages/publisher/src/in-parallel.ts
async function inParallel(items, limit, work) {
  const results = [];
  let next2 = 0;
  let failure;
  const lane = async () => {
    while (next2 < items.length && failure === void 0) {
      const index = next2++;
      try {
        results[index] = await work(items[index], index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, lane));
  if (failure !== void 0) throw failure.error;
  return results;
}

// packages/publisher/src/upload-objects.ts
var IMMUTABLE = "public, max-age=31536000, immutable";
var SUFFIX = { br: ".br", gzip: ".gz" };
var CONCURRENCY = 16;
function addressFile(path2, bytes, mediaType2) {
  return { bytes, mediaType: mediaType2, path: path2, sha256Hex: sha256Hex(bytes) };
}
async function missingObjects({ storage, uploadConcurrency = CONCURRENCY }, files) {
  const unique = Array.from(new Map(files.map((file) => [file.sha256Hex, file])).values());
  const present = await inParallel(
    unique,
    uploadConcurrency,
    ({ sha256Hex: hash2 }) => storage.head(objectKey(hash2))
  );
  return unique.filter(({ bytes }, i2) => present[i2]?.sizeBytes !== bytes.length);
}
async function uploadObjects(options2, files) {
  const { onEvent, uploadConcurrency = CONCURRENCY } = options2;
  const missing = new Set((await missingObjects(options2, files)).map(({ sha256Hex: hash2 }) => hash2));
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let [done, doneBytes] = [0, 0];
  await inParallel(files, uploadConcurrency, async (file) => {
    const uploaded = missing.delete(file.sha256Hex);
    if (uploaded) await uploadObject(options2, file);
    done++;
    doneBytes += file.bytes.length;
    onEvent?.({
      done,
      doneBytes,
      path: file.path,
      sha256Hex: file.sha256Hex,
      sizeBytes: file.bytes.length,
      total: files.length,
      totalBytes,
      type: "object",
      uploaded
    });
  });
}
async function uploadObject({ compress, storage }, file) {
  const key = objectKey(file.sha256Hex);
  for (const { bytes, encoding } of await compress?.(file.bytes, file.mediaType) ?? []) {
    if (bytes.length >= file.bytes.length) continue;
    await storage.put(key + SUFFIX[encoding], bytes, {
      cacheControl: IMMUTABLE,
      contentEncoding: encoding,
      contentType: file.mediaType
    });
  }
  await storage.put(key, file.bytes, { cacheControl: IMMUTABLE, contentType: file.mediaType });
}
async function smallestStoredBytes({ compress, storage }, file) {
  if (compress === void 0) return file.bytes.length;
  const variants = await Promise.all(
    Object.values(SUFFIX).map((suffix) => storage.head(objectKey(file.sha256Hex) + suffix))
  );
  return variants.reduce((least, variant) => Math.min(least, variant?.sizeBytes ?? least), file.bytes.length);
}

// packages/publisher/src/patch-cache.ts
async function givesTarget(maker, { base, target: target2 }, patch) {
  return equalBytes(await maker.apply(base, patch), target2);
}
async function findStoredPatch({ storage }, maker, pair) {
  const folder = `patches/${pair.baseSha256Hex}/`;
  const { objects } = await storage.list(`${folder}${pair.targetSha256Hex}`);
  const bySize = objects.filter(({ key, sizeBytes }) => sizeBytes <= LIMITS.objectSizeBytes && key.lastIndexOf(".") > 0).sort((a, b) => a.sizeBytes - b.sizeBytes);
  for (const { key } of bySize) {
    const found = await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes });
    const works = found !== void 0 && await givesTarget(maker, pair, found.body).catch(() => false);
    if (works) return { bytes: found.body, format: key.slice(key.lastIndexOf(".") + 1) };
  }
  return void 0;
}
async function storePatch({ storage }, maker, pair, patch) {
  const key = patchKey(pair.baseSha256Hex, pair.targetSha256Hex, patch.format);
  const put = { cacheControl: IMMUTABLE, contentType: "application/octet-stream" };
  const { written } = await storage.put(key, patch.bytes, { ...put, ifAbsent: true });
  if (written) return patch;
  const theirs = (await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
  if (theirs !== void 0 && await givesTarget(maker, pair, theirs).catch(() => false))
    return { bytes: theirs, format: patch.format };
  await storage.put(key, patch.bytes, put);
  return patch;
}

// packages/publisher/src/make-patches.ts
async function makePatches(options2, maker, target2, bases, fullSizeBytes) {
  const { onEvent } = options2;
  const wanted = bases.filter(
    ({ sha256Hex: hash2 }, i2) => hash2 !== target2.sha256Hex && bases.findIndex((one) => one.sha256Hex === hash2) === i2
  ).slice(0, LIMITS.patchesPerRelease);
  let done = 0;
  return inParallel(wanted, maker.concurrency ?? 1, async (base) => {
    const outcome = await patchFrom(options2, maker, target2, base, fullSizeBytes);
    done++;
    onEvent?.({
      baseSha256Hex: base.sha256Hex,
      done,
      total: wanted.length,
      type: "patch",
      ...outcome.patch === void 0 ? {} : { format: outcome.patch.format, sizeBytes: outcome.patch.sizeBytes },
      ...outcome.reused === void 0 ? {} : { reused: outcome.reused },
      ...outcome.skipped === void 0 ? {} : { skipped: outcome.skipped }
    });
    return outcome;
  });
}
function keysOfPairs(bases, targetSha256Hex) {
  return bases.flatMap(({ sha256Hex: hash2 }) => [patchKey(hash2, targetSha256Hex, "any"), objectKey(hash2)]);
}
async function patchFrom(options2, maker, target2, { bytes: given, sha256Hex: baseSha256Hex }, fullSizeBytes) {
  const { storage } = options2;
  const base = given ?? (await storage.get(objectKey(baseSha256Hex), { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
  if (base === void 0 || sha256Hex(base) !== baseSha256Hex)
    return { baseSha256Hex, skipped: "base-missing" };
  const pair = {
    base,
    baseSha256Hex,
    target: target2.bytes,
    targetSha256Hex: target2.sha256Hex
  };
  const stored = await findStoredPatch(options2, maker, pair);
  const made2 = stored ?? await maker.create(base, target2.bytes, fullSizeBytes);
  if (made2 === void 0) return { baseSha256Hex, skipped: "not-worth-it" };
  if (stored === void 0 && !await givesTarget(maker, pair, made2.bytes)) {
    throw publishError(
      "ERR_PUBLISH_CORRUPT",
      `A ${made2.format} patch does not give back its target; please report base and target`,
      { details: { baseSha256Hex, targetSha256Hex: target2.sha256Hex } }
    );
  }
  if (given !== void 0) {
    await storage.put(objectKey(baseSha256Hex), base, {
      cacheControl: IMMUTABLE,
      contentType: "application/octet-stream",
      ifAbsent: true
    });
  }
  const { bytes, format } = stored ?? await storePatch(options2, maker, pair, made2);
  const { sections } = made2;
  return {
    baseSha256Hex,
    patch: { baseSha256Hex, format, sha256Hex: sha256Hex(bytes), sizeBytes: bytes.length },
    reused: stored !== void 0,
    ...sections === void 0 ? {} : { sections }
  };
}

// packages/publisher/src/release-in-channel.ts
function findOrAdmit(index, { launchSha256Hex, releaseId: releaseId2, versionCode }) {
  const present = index?.releases.find((release) => release.releaseId === releaseId2);
  if (present !== void 0) {
    const same = present.launchSha256Hex === launchSha256Hex && (versionCode ?? present.versionCode) === present.versionCode;
    if (!same) throw duplicateId(releaseId2);
    return present;
  }
  if (versionCode !== void 0) checkVersionCode(index, versionCode);
  return void 0;
}
function requireRelease(index, releaseId2, channel2) {
  const release = index?.releases.find((one) => one.releaseId === releaseId2);
  if (index !== void 0 && release !== void 0) return { index, release };
  const known = index?.releases.map((one) => one.releaseId).join(", ") ?? "none, the channel is empty";
  throw publishError(
    "ERR_PUBLISH_UNKNOWN_RELEASE",
    `No release ${releaseId2} in ${channel2}. There are: ${known}`,
    { details: { releaseId: releaseId2 } }
  );
}
function duplicateId(releaseId2) {
  return publishError(
    "ERR_PUBLISH_RELEASE_ID",
    `The channel has another release called ${releaseId2}; choose another id, releases never change`,
    { details: { releaseId: releaseId2 } }
  );
}
function checkVersionCode(index, versionCode) {
  const least = nextVersionCode(index);
  if (versionCode < least) {
    throw publishError(
      "ERR_PUBLISH_VERSION_CODE",
      `Version code ${versionCode} must be at least ${least}: devices never go back`,
      { details: { least, versionCode } }
    );
  }
}
function nextVersionCode(index) {
  const last = index?.releases[index.releases.length - 1];
  return (last?.versionCode ?? 0) + 1;
}

// packages/publisher/src/sweep-marks.ts
var KEY = "gc/marks.json";
var MAX_SIZE_BYTES = 64 * 1024 * 1024;
var PUBLISH_WINDOW_SECONDS = 3600;
var CLOCK_SKEW_SECONDS = 300;
function withoutVariant(key) {
  return key.startsWith("objects/") ? key.replace(/\.(?:br|gz)$/, "") : key;
}
async function readMarks(storage) {
  const stored = await storage.get(KEY, { maxSizeBytes: MAX_SIZE_BYTES });
  if (stored === void 0) return { marks: {} };
  try {
    const { marks, sweep: sweep2 } = JSON.parse(bytesToUtf8(stored.body));
    const sound = typeof marks === "object" && Object.values(marks).every(Number.isFinite) && (sweep2 === void 0 || Array.isArray(sweep2.keys) && Number.isFinite(sweep2.untilSeconds));
    if (!sound) throw new TypeError("not marks");
    return { etag: stored.etag, marks, ...sweep2 === void 0 ? {} : { sweep: sweep2 } };
  } catch (error) {
    throw publishError("ERR_PUBLISH_GARBAGE", `${KEY} cannot be read; delete it, and the wait begins anew`, {
      cause: error
    });
  }
}
function swapMarks(storage, before, next2) {
  const condition = before.etag === void 0 ? { ifAbsent: true } : { ifMatch: before.etag };
  return storage.put(KEY, utf8ToBytes(JSON.stringify(next2)), {
    ...condition,
    cacheControl: "private, no-store",
    contentType: "application/json"
  });
}

// packages/publisher/src/sweep-guard.ts
function family(key) {
  return key.startsWith("patches/") ? key.replace(/\.[a-z0-9]+$/, "") : withoutVariant(key);
}
var MAX_ATTEMPTS2 = 60;
var WAIT_MS = 1e4;
async function openSweepGuard(options2) {
  const { clock, storage } = options2;
  const startedMs = clock.nowMs();
  const first = await readMarks(storage);
  const marked = new Set(Object.keys(first.marks).map(family));
  return {
    checkTime: () => {
      const seconds = (clock.nowMs() - startedMs) / 1e3;
      if (seconds <= PUBLISH_WINDOW_SECONDS) return;
      throw publishError(
        "ERR_PUBLISH_TOO_SLOW",
        `This took ${Math.round(seconds)} s, at most ${PUBLISH_WINDOW_SECONDS} are allowed: what it relies on may be collected. Run it again, what is uploaded is found.`,
        { retryable: true }
      );
    },
    protect: async (keys) => {
      const wanted = new Set(keys.map(family).filter((key) => marked.has(key)));
      if (wanted.size > 0) await unmark(options2, wanted);
    }
  };
}
async function unmark({ clock, sleep = wait, storage }, wanted) {
  const isWanted = (key) => wanted.has(family(key));
  for (let attempt = 1; attempt <= MAX_ATTEMPTS2; attempt++) {
    const before = await readMarks(storage);
    const keys = Object.keys(before.marks);
    const rest = keys.filter((key) => !isWanted(key));
    if (rest.length === keys.length) return;
    const sweep2 = before.sweep;
    if (sweep2?.keys.some(isWanted) === true) {
      const over = clock.nowMs() / 1e3 > sweep2.untilSeconds + CLOCK_SKEW_SECONDS;
      if (!over) {
        await sleep(WAIT_MS);
        continue;
      }
    }
    const marks = Object.fromEntries(rest.map((key) => [key, before.marks[key]]));
    const stillSweeping = sweep2 === void 0 || sweep2.keys.some(isWanted) ? {} : { sweep: sweep2 };
    if ((await swapMarks(storage, before, { marks, ...stillSweeping })).written) return;
  }
  throw publishError(
    "ERR_PUBLISH_CONTENTION",
    "Garbage is being collected, and some of it is needed again; try again in a few minutes",
    { retryable: true }
  );
}

// packages/publisher/src/backfill-patches.ts
async function backfillPatches(options2, input) {
  await checkSigners(options2);
  const guard = await openSweepGuard(options2);
  const before = (await readChannel(options2))?.index;
  const wanted = (input.releaseIds ?? newestIds(before)).map(
    (id) => requireRelease(before, id, options2.scope.channel).release
  );
  const made2 = /* @__PURE__ */ new Map();
  for (const release of wanted) {
    const bases = basesFor(release, before, input);
    const target2 = await readTarget(options2, release);
    await guard.protect(keysOfPairs(bases, target2.sha256Hex));
    const full = await smallestStoredBytes(options2, target2);
    const patches = await makePatches(options2, options2.patchMaker ?? deltaPatchMaker, target2, bases, full);
    made2.set(release.releaseId, { patches, sizeBytes: target2.bytes.length });
  }
  let changed = false;
  const index = await changeChannel(
    options2,
    async (current) => {
      changed = false;
      const releases = (current?.releases ?? []).map((release) => {
        const fresh = made2.get(release.releaseId)?.patches.flatMap(({ patch }) => patch ?? []) ?? [];
        const patches = merge(fresh, release.patches);
        if (patches === release.patches) return release;
        changed = true;
        return { ...release, patches };
      });
      return changed ? { releases } : void 0;
    },
    guard.checkTime
  );
  return {
    changed,
    releases: wanted.map(({ releaseId: releaseId2, version }) => ({
      patches: made2.get(releaseId2)?.patches ?? [],
      releaseId: releaseId2,
      targetSizeBytes: made2.get(releaseId2)?.sizeBytes ?? 0,
      version
    })),
    sequence: index?.sequence ?? 0
  };
}
function newestIds(index) {
  const newest = /* @__PURE__ */ new Map();
  for (const { binaryVersion, releaseId: releaseId2, runtimeVersion, status } of index?.releases ?? [])
    if (status === "active") newest.set(`${runtimeVersion ?? ""} ${binaryVersion ?? ""}`, releaseId2);
  return Array.from(newest.values());
}
function basesFor(release, index, { adoption, bases: count2 = 3, embedded = [] }) {
  const bytesOf = new Map(embedded.map((bytes) => [sha256Hex(bytes), bytes]));
  const lower = (index?.releases ?? []).filter(({ versionCode }) => versionCode < release.versionCode);
  return planBases({
    count: count2,
    embedded: Array.from(bytesOf.keys()),
    index: { releases: lower },
    target: release,
    ...adoption === void 0 ? {} : { adoption }
  }).map(({ sha256Hex: hash2 }) => {
    const bytes = bytesOf.get(hash2);
    return bytes === void 0 ? { sha256Hex: hash2 } : { bytes, sha256Hex: hash2 };
  });
}
async function readTarget({ storage }, { launchSha256Hex, releaseId: releaseId2 }) {
  const key = objectKey(launchSha256Hex);
  const bytes = (await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
  if (bytes === void 0 || sha256Hex(bytes) !== launchSha256Hex) {
    throw publishError(
      "ERR_PUBLISH_CORRUPT",
      `The launch file of ${releaseId2} is missing or damaged (${key}); publish the release again, which heals it`,
      { details: { key, releaseId: releaseId2 } }
    );
  }
  return { bytes, mediaType: "application/octet-stream", path: "launch", sha256Hex: launchSha256Hex };
}
function merge(fresh, present) {
  const isNamed = (patch) => present.some((one) => isSamePair(one, patch) && one.sha256Hex === patch.sha256Hex);
  if (fresh.every(isNamed)) return present;
  const others = present.filter((patch) => !fresh.some((one) => isSamePair(one, patch)));
  return [...fresh, ...others].slice(0, LIMITS.patchesPerRelease);
}
function isSamePair(a, b) {
  return a.baseSha256Hex === b.baseSha256Hex && a.format === b.format;
}

// packages/publisher/src/list-all.ts
async function listAll(storage, prefix) {
  const all = [];
  let cursor;
  do {
    const page = await storage.list(prefix, cursor === void 0 ? {} : { cursor });
    all.push(...page.objects);
    cursor = page.cursor;
  } while (cursor !== void 0);
  return all;
}

// packages/publisher/src/source-map.ts
function sourceMapKey(launchSha256Hex) {
  if (!isSha256Hex(launchSha256Hex))
    throw new RangeError(`sourceMapKey: ${JSON.stringify(launchSha256Hex)} is no SHA-256`);
  return `sourcemaps/${launchSha256Hex}`;
}

// packages/manifest/src/inspect/trust-root-to-json.ts
function trustRootToJson(root) {
  return { ...root, keys: root.keys.map((key) => exportPublicKey(key).jwk) };
}

// packages/manifest/src/inspect/inspect-unverified.ts
var [ALG, KID, CLAIMS, TYP] = [1, 4, 15, 16];
function inspectUnverified(envelope) {
  checkEnvelopeSize(envelope, LIMITS.manifestSizeBytes);
  const value = decodeCbor(envelope.subarray(tagSize(envelope)));
  const [body, , payload, last] = Array.isArray(value) ? value : [];
  if (!isBytes(body) || !isBytes(payload)) throw notADocument();
  const header = mapIn(body);
  const type = Object.keys(MEDIA_TYPES).find(
    (name) => MEDIA_TYPES[name] === header.get(TYP)
  );
  if (type === void 0) throw notADocument();
  const claims = header.get(CLAIMS);
  const [issuer, subject] = claims instanceof Map ? [claims.get(1), claims.get(2)] : [];
  const headers = Array.isArray(last) ? last.map((one) => mapIn(Array.isArray(one) ? one[0] : void 0)) : [header];
  return {
    unverified: true,
    type,
    ...typeof issuer === "string" ? { issuer } : {},
    ...typeof subject === "string" ? { subject } : {},
    signatures: headers.map((one) => ({
      algorithmId: Number(one.get(ALG)),
      kidHex: kidIn(one)
    })),
    envelopeSha256Hex: sha256Hex(envelope),
    payloadSha256Hex: sha256Hex(payload),
    sizeBytes: envelope.length,
    document: PARSERS[type](payload)
  };
}
var PARSERS = {
  channelIndex: parseChannelIndex,
  manifest: parseManifest,
  trustRoot: (payload) => trustRootToJson(parseTrustRoot(payload, ALL_ALGORITHMS))
};
function tagSize(envelope) {
  return envelope[0] === 210 ? 1 : envelope[0] === 216 && envelope[1] === 98 ? 2 : 0;
}
function mapIn(bytes) {
  const value = isBytes(bytes) && bytes.length > 0 ? decodeCbor(bytes) : void 0;
  if (!(value instanceof Map)) throw notADocument();
  return value;
}
function kidIn(header) {
  const kid2 = header.get(KID);
  if (!isBytes(kid2)) throw notADocument();
  return bytesToHex(kid2);
}
function notADocument() {
  return manifestError(
    "ERR_DOCUMENT_SHAPE",
    "These bytes are no signed manifest, channel index or trust root"
  );
}

// packages/publisher/src/unverified.ts
function unverifiedIndex(envelope) {
  const view = inspectUnverified(envelope);
  if (view.type !== "channelIndex") throw new Error(`expected a channel index, found a ${view.type}`);
  return view.document;
}
function unverifiedManifest(envelope) {
  const view = inspectUnverified(envelope);
  if (view.type !== "manifest") throw new Error(`expected a manifest, found a ${view.type}`);
  return view.document;
}

// packages/publisher/src/keys-of-release.ts
async function keysOfManifest({ storage }, { manifest: { sha256Hex: hash2 } }) {
  const key = manifestKey(hash2);
  const stored = await storage.get(key, {
    maxSizeBytes: LIMITS.manifestSizeBytes + LIMITS.envelopeOverheadBytes
  });
  if (stored === void 0) return void 0;
  const { assets, launch } = readManifest(key, hash2, stored.body);
  return [
    key,
    attestationKey(hash2),
    sourceMapKey(launch.sha256Hex),
    ...[launch, ...assets].map((file) => objectKey(file.sha256Hex))
  ];
}
function keysOfPatches({ launchSha256Hex, patches }) {
  return patches.flatMap(({ baseSha256Hex, format }) => [
    patchKey(baseSha256Hex, launchSha256Hex, format),
    objectKey(baseSha256Hex)
  ]);
}
function readManifest(key, hash2, envelope) {
  try {
    if (sha256Hex(envelope) !== hash2) throw new Error("its bytes are not those that its name promises");
    return unverifiedManifest(envelope);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw publishError("ERR_PUBLISH_CORRUPT", `${key} is damaged: ${reason}`, { cause: error });
  }
}

// packages/publisher/src/live-keys.ts
var KEY2 = /^channels\/([^/]+)\/([^/]+)\/([^/]+)\/(?:index|log\/(\d+)-(\d+))\.cose$/;
var MAX_INDEX_BYTES = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;
async function findLiveKeys(options2, { indexes: newest = 20, seconds = 30 * 86400 }, alsoKeep) {
  const nowSeconds = options2.clock.nowMs() / 1e3;
  const live = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  const add2 = async (releases, mustBeThere) => {
    for (const release of releases) {
      addPatches(live, release);
      if (seen.has(release.manifest.sha256Hex)) continue;
      seen.add(release.manifest.sha256Hex);
      await addManifest(options2, live, release, mustBeThere);
    }
  };
  for (const [name, { index, log }] of await findChannels(options2)) {
    if (index) await add2((await readCurrent(options2, name)).releases, true);
    for (const [position3, key] of log.entries()) {
      const old = await readLogged(options2, key);
      const counts = position3 < Math.max(1, newest) || old.expiresAtSeconds > nowSeconds || old.issuedAtSeconds > nowSeconds - seconds;
      if (!counts && old.issuedAtSeconds < nowSeconds - LIMITS.indexLifetimeSeconds) break;
      await add2(old.releases, !index && position3 === 0);
    }
  }
  for (const { releases } of alsoKeep) await add2(releases, true);
  return live;
}
async function findChannels({ storage }) {
  const channels = /* @__PURE__ */ new Map();
  for (const { key } of await listAll(storage, "channels/")) {
    const [, app, platform2, channel2, epoch, sequence] = KEY2.exec(key) ?? [];
    if (app === void 0) continue;
    const name = `${app}/${platform2}/${channel2}`;
    const entry = channels.get(name) ?? { index: false, log: [] };
    if (epoch === void 0) entry.index = true;
    else entry.log.push({ epoch: Number(epoch), key, sequence: Number(sequence) });
    channels.set(name, entry);
  }
  return new Map(
    Array.from(channels, ([name, { index, log }]) => [
      name,
      {
        index,
        log: log.sort((a, b) => b.epoch - a.epoch || b.sequence - a.sequence).map(({ key }) => key)
      }
    ])
  );
}
async function readCurrent(options2, name) {
  const [app, platform2, channel2] = name.split("/");
  const scope = { app, channel: channel2, platform: platform2, project: options2.scope.project };
  const keys = keysForRole(trustRootOf(options2), "index", channel2);
  return understand(
    options2,
    `channels/${name}/index.cose`,
    (bytes) => verifyChannelIndex(bytes, { keys, scope }).document
  );
}
async function readLogged(options2, key) {
  return understand(options2, key, (bytes) => {
    const unverified = unverifiedIndex(bytes);
    if (unverified.project !== options2.scope.project)
      throw new Error(`it belongs to project ${unverified.project}`);
    return unverified;
  });
}
async function understand({ storage }, key, read2) {
  const stored = await storage.get(key, { maxSizeBytes: MAX_INDEX_BYTES });
  try {
    if (stored === void 0) throw new Error("it is gone");
    return read2(stored.body);
  } catch (error) {
    throw cannotTell(key, error);
  }
}
async function addManifest(options2, live, release, mustBeThere) {
  const key = manifestKey(release.manifest.sha256Hex);
  live.add(key).add(attestationKey(release.manifest.sha256Hex));
  const keys = await keysOfManifest(options2, release).catch((error) => {
    throw isOtaError(error, "ERR_PUBLISH_CORRUPT") ? cannotTell(key, error) : error;
  });
  if (keys === void 0 && mustBeThere)
    throw cannotTell(key, new Error("it is named by a current index, and not there"));
  for (const one of keys ?? []) live.add(one);
}
function addPatches(live, release) {
  for (const key of keysOfPatches(release)) live.add(key);
}
function cannotTell(key, cause) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return publishError(
    "ERR_PUBLISH_GARBAGE",
    `Nothing is collected, because it cannot be told what ${key} needs: ${reason}`,
    { cause, details: { key } }
  );
}

// packages/publisher/src/collect-garbage.ts
var FOLDERS = ["attestations/", "manifests/", "objects/", "patches/", "sourcemaps/"];
var SWEEP_SECONDS = 600;
var DELETES_AT_ONCE = 16;
var DAY = 86400;
async function collectGarbage(options2, { alsoKeep = [], dryRun = false, graceSeconds = DAY, retention = {} }) {
  const { clock, storage } = options2;
  checkArguments(options2, graceSeconds, retention);
  const startedSeconds = Math.floor(clock.nowMs() / 1e3);
  const before = await readMarks(storage);
  if (before.sweep !== void 0 && startedSeconds <= before.sweep.untilSeconds + CLOCK_SKEW_SECONDS) {
    throw publishError("ERR_PUBLISH_CONTENTION", "Another collector is at work; try again later", {
      retryable: true
    });
  }
  const inventory = (await Promise.all(FOLDERS.map((folder) => listAll(storage, folder)))).flat();
  const live = await findLiveKeys(options2, retention, alsoKeep);
  const unused = inventory.filter(({ key }) => !live.has(withoutVariant(key))).map(({ key, sizeBytes }) => {
    const since = before.marks[key] ?? startedSeconds;
    return { dueAtSeconds: since + graceSeconds, key, sizeBytes };
  });
  const due = unused.filter(({ dueAtSeconds }) => dueAtSeconds <= startedSeconds);
  const marks = Object.fromEntries(unused.map(({ key, dueAtSeconds }) => [key, dueAtSeconds - graceSeconds]));
  const deleted = dryRun ? due : await sweep(options2, before, marks, due, startedSeconds);
  const sum = (list2) => list2.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return {
    deleted,
    deletedBytes: sum(deleted),
    dryRun,
    live: { bytes: sum(inventory) - sum(unused), objects: inventory.length - unused.length },
    waiting: unused.filter((one) => !deleted.includes(one))
  };
}
async function sweep(options2, before, marks, due, startedSeconds) {
  const { clock, storage } = options2;
  if (due.length === 0) {
    if (Object.keys(marks).length + Object.keys(before.marks).length > 0)
      await announce(options2, before, { marks });
    return [];
  }
  const untilSeconds = startedSeconds + SWEEP_SECONDS;
  await announce(options2, before, { marks, sweep: { keys: due.map(({ key }) => key), untilSeconds } });
  const deleted = [];
  await inParallel(due, DELETES_AT_ONCE, async (one) => {
    if (clock.nowMs() / 1e3 >= untilSeconds) return;
    await storage.delete(one.key);
    deleted.push(one);
  });
  for (; ; ) {
    const now = await readMarks(storage);
    const gone = new Set(deleted.map(({ key }) => key));
    const rest = Object.fromEntries(Object.entries(now.marks).filter(([key]) => !gone.has(key)));
    const ours = now.sweep?.untilSeconds === untilSeconds && now.sweep.keys[0] === due[0]?.key;
    const next2 = now.sweep === void 0 || ours ? { marks: rest } : { marks: rest, sweep: now.sweep };
    if ((await swapMarks(storage, now, next2)).written) return deleted;
  }
}
async function announce({ storage }, before, next2) {
  if ((await swapMarks(storage, before, next2)).written) return;
  throw publishError(
    "ERR_PUBLISH_CONTENTION",
    "A publisher or another collector was faster; nothing was deleted, run it again",
    { retryable: true }
  );
}
function checkArguments({ storage }, graceSeconds, { indexes = 20, seconds = 0 }) {
  const least = 2 * PUBLISH_WINDOW_SECONDS;
  if (!Number.isFinite(graceSeconds) || graceSeconds < least) {
    throw new RangeError(
      `collectGarbage: graceSeconds must be at least ${least}, twice what a publisher may take; got ${graceSeconds}`
    );
  }
  for (const [name, value] of [
    ["indexes", indexes],
    ["seconds", seconds]
  ]) {
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`collectGarbage: retention.${name} must be at least 0, got ${value}`);
  }
  if (!storage.capabilities.conditionalWrites) {
    throw publishError(
      "ERR_PUBLISH_NO_CONDITIONAL_WRITES",
      `The storage ${storage.name} cannot write conditionally: a publisher at the same time would lose files. Wrap it in withLock().`
    );
  }
}

// packages/publisher/src/check-bytecode-version.ts
async function checkBytecodeVersion(options2, input, index) {
  const launch = bundleKind(input.launch.bytes);
  if (input.hbcVersion !== void 0 || launch.kind !== "hermes") return;
  for (const bytes of input.patchBases ?? []) {
    const embedded = bundleKind(bytes);
    if (embedded.kind === "hermes") compare(launch.hbcVersion, embedded.hbcVersion, "the embedded bundle");
  }
  const last = index?.releases.filter(
    ({ runtimeVersion, status }) => status === "active" && runtimeVersion !== void 0 && runtimeVersion === input.runtimeVersion
  ).at(-1);
  if (last === void 0) return;
  const stored = await options2.storage.get(manifestKey(last.manifest.sha256Hex), {
    maxSizeBytes: LIMITS.manifestSizeBytes + LIMITS.envelopeOverheadBytes
  });
  const known = stored === void 0 ? void 0 : hbcVersionOf(options2, stored.body);
  if (known !== void 0)
    compare(launch.hbcVersion, known, `${last.version}, which is for the same runtime`);
}
function hbcVersionOf(options2, envelope) {
  try {
    const keys = keysForRole(trustRootOf(options2), "release");
    return verifyManifest(envelope, { keys, scope: options2.scope }).document.launch.hbcVersion;
  } catch {
    return void 0;
  }
}
function compare(got, expected, what) {
  if (got === expected) return;
  throw publishError(
    "ERR_PUBLISH_BYTECODE",
    `The launch file is bytecode version ${got}, ${what} is version ${expected}: it would not start. Use the hermesc of that React Native version, or give hbcVersion if the runtime really reads ${got}.`,
    { details: { expected, got } }
  );
}

// packages/rollout/src/bucket.ts
var BUCKETS = 1e4;
var PREFIX = "kivyx-rollout-v1";
function bucketOf(salt, deviceId) {
  const zero = Uint8Array.of(0);
  const digest = sha2563(
    concatBytes(utf8ToBytes(PREFIX), zero, utf8ToBytes(salt), zero, utf8ToBytes(deviceId))
  );
  let value = 0;
  for (let i2 = 0; i2 < 6; i2++) value = value * 256 + digest[i2];
  return value % BUCKETS;
}

// packages/rollout/src/version-range.ts
var VERSION = /^(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
var PARTIAL = /^(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*]))?(?:\.(\d{1,15}|[xX*]))?$/;
var TERM = /^(>=|<=|[<>=^~]?)(.+)$/;
var MAX_LENGTH = 256;
var LOWEST = ["0"];
function isVersionRange(text2) {
  return parseRange(text2) !== void 0;
}
function satisfiesRange(version, range) {
  const alternatives = parseRange(range);
  if (alternatives === void 0) return void 0;
  const wanted = parseVersion(version);
  if (wanted === void 0) return false;
  return alternatives.some((terms) => terms.every((span) => isInside(wanted, span)));
}
function parseVersion(text2) {
  const match = text2.length <= MAX_LENGTH ? VERSION.exec(text2) : null;
  if (match === null) return void 0;
  const [, major, minor, patch, pre] = match;
  if (pre !== void 0 && patch === void 0) return void 0;
  return {
    numbers: [Number(major), Number(minor ?? 0), Number(patch ?? 0)],
    pre: pre === void 0 ? [] : pre.split(".")
  };
}
function parseRange(range) {
  if (range.length > MAX_LENGTH) return void 0;
  const alternatives = [];
  for (const alternative of range.split("||")) {
    const words2 = alternative.trim().split(/\s+/);
    const terms = [];
    for (let i2 = 0; i2 < words2.length; i2++) {
      let word = words2[i2];
      if (words2[i2 + 1] === "-") {
        const [low, high] = [spanOf(">=", word), spanOf("<=", words2[i2 + 2] ?? "")];
        if (low === void 0 || high === void 0) return void 0;
        terms.push(low, high);
        i2 += 2;
        continue;
      }
      if (/^(?:>=|<=|[<>=^~])$/.test(word)) word += words2[++i2] ?? "";
      const match = TERM.exec(word);
      const span = match === null ? void 0 : spanOf(match[1], match[2]);
      if (span === void 0) return void 0;
      terms.push(span);
    }
    alternatives.push(terms);
  }
  return alternatives;
}
function spanOf(operator, text2) {
  const partial = PARTIAL.exec(text2);
  const given = partial === null ? [] : numbersBeforeWildcard(partial.slice(1));
  if (given === void 0) return void 0;
  const whole = partial === null || given.length === 3 ? parseVersion(text2) : void 0;
  if (partial === null && whole === void 0) return void 0;
  if (partial !== null && given.length === 0) {
    return operator === "<" || operator === ">" ? { to: { at: lowest([]), open: true } } : {};
  }
  const parts = whole === void 0 ? given : whole.numbers;
  const first = { at: whole ?? lowest(given), open: false };
  const behind = whole === void 0 ? { at: next(parts, parts.length - 1), open: true } : { at: whole, open: false };
  switch (operator) {
    case ">=":
      return { from: first };
    case ">":
      return { from: { at: behind.at, open: !behind.open } };
    case "<":
      return { to: { at: first.at, open: true } };
    case "<=":
      return { to: behind };
    case "~":
      return { from: first, to: { at: next(parts, Math.min(1, parts.length - 1)), open: true } };
    case "^": {
      const significant = parts.findIndex((part2) => part2 > 0);
      return {
        from: first,
        to: { at: next(parts, significant < 0 ? parts.length - 1 : significant), open: true }
      };
    }
    default:
      return { from: first, to: behind };
  }
}
function numbersBeforeWildcard(parts) {
  const numbers = [];
  let open = false;
  for (const part2 of parts) {
    const isNumber = part2 !== void 0 && /^\d/.test(part2);
    if (isNumber && open) return void 0;
    if (isNumber) numbers.push(Number(part2));
    else open = true;
  }
  return numbers;
}
function lowest(parts) {
  return { numbers: [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0], pre: LOWEST };
}
function next(parts, index) {
  return lowest([...parts.slice(0, index), parts[index] + 1]);
}
function isInside(version, { from, to }) {
  if (from !== void 0) {
    const order = compare2(version, from.at);
    if (order < 0 || order === 0 && from.open) return false;
  }
  if (to !== void 0) {
    const order = compare2(version, to.at);
    if (order > 0 || order === 0 && to.open) return false;
  }
  return true;
}
function compare2(a, b) {
  for (let i2 = 0; i2 < 3; i2++) {
    const difference = a.numbers[i2] - b.numbers[i2];
    if (difference !== 0) return difference;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let i2 = 0; i2 < a.pre.length && i2 < b.pre.length; i2++) {
    const difference = compareIdentifiers(a.pre[i2], b.pre[i2]);
    if (difference !== 0) return difference;
  }
  return a.pre.length - b.pre.length;
}
function compareIdentifiers(a, b) {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (aIsNumber) {
    const [x2, y] = [a.replace(/^0+(?=\d)/, ""), b.replace(/^0+(?=\d)/, "")];
    if (x2.length !== y.length) return x2.length - y.length;
    return x2 < y ? -1 : x2 > y ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

// packages/rollout/src/rule.ts
var MAX_NESTING = 16;
var OPERATORS = {
  all: (argument, facts, depth) => combine2(argument, facts, depth, "match", "no-match"),
  any: (argument, facts, depth) => combine2(argument, facts, depth, "no-match", "match"),
  not: (argument, facts, depth) => {
    const inner = rule(argument, facts, depth + 1);
    return inner === "unknown" ? inner : verdict(inner === "no-match");
  },
  eq: (argument, facts) => withFact(argument, facts, (value, [expected]) => verdict(value === expected)),
  in: (argument, facts) => withFact(
    argument,
    facts,
    (value, [list2]) => Array.isArray(list2) ? verdict(list2.includes(value)) : "unknown"
  ),
  semver: (argument, facts) => withFact(
    argument,
    facts,
    (value, [range]) => typeof range === "string" ? inRange2(value, range) : "unknown"
  ),
  glob: (argument, facts) => withFact(
    argument,
    facts,
    (value, [pattern]) => typeof pattern === "string" ? verdict(typeof value === "string" && matchesGlob(value, pattern)) : "unknown"
  ),
  exists: (argument, facts) => typeof argument === "string" ? verdict(factOf(argument, facts) !== void 0) : "unknown",
  bucket: (argument, facts) => {
    if (!Array.isArray(argument) || argument.length !== 3) return "unknown";
    const [salt, from, to] = argument;
    if (typeof salt !== "string" || typeof from !== "number" || typeof to !== "number") return "unknown";
    const bucket = bucketOf(salt, facts.deviceId);
    return verdict(bucket >= from && bucket < to);
  }
};
function evaluateRule(targeting, facts) {
  return rule(targeting, facts, 0);
}
function inRange2(version, range) {
  const inside = satisfiesRange(typeof version === "string" ? version : "", range);
  return inside === void 0 ? "unknown" : verdict(inside);
}
function rule(value, facts, depth) {
  if (depth > MAX_NESTING) return "unknown";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "unknown";
  const entries = Object.entries(value);
  if (entries.length === 0) return "unknown";
  let result = "match";
  for (const [operator, argument] of entries) {
    const evaluate = Object.prototype.hasOwnProperty.call(OPERATORS, operator) ? OPERATORS[operator] : void 0;
    const one = evaluate === void 0 ? "unknown" : evaluate(argument, facts, depth);
    if (one === "unknown") return "unknown";
    if (one === "no-match") result = "no-match";
  }
  return result;
}
function combine2(argument, facts, depth, start, decisive) {
  if (!Array.isArray(argument)) return "unknown";
  let result = start;
  for (const inner of argument) {
    const one = rule(inner, facts, depth + 1);
    if (one === "unknown") return "unknown";
    if (one === decisive) result = decisive;
  }
  return result;
}
function withFact(argument, facts, test) {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== "string") return "unknown";
  const value = factOf(argument[0], facts);
  return value === void 0 ? absent(test, argument.slice(1)) : test(value, argument.slice(1));
}
function absent(test, rest) {
  return test("\0", rest) === "unknown" ? "unknown" : "no-match";
}
var BUILT_IN = ["platform", "channel", "binaryVersion", "runtimeVersion", "deviceId", "app"];
function factOf(name, facts) {
  if (BUILT_IN.includes(name)) return facts[name];
  const attributes = facts.attributes ?? {};
  return Object.prototype.hasOwnProperty.call(attributes, name) ? attributes[name] : void 0;
}
function verdict(value) {
  return value ? "match" : "no-match";
}
function matchesGlob(text2, pattern) {
  let at = 0;
  let star = -1;
  let resume = 0;
  let p = 0;
  while (at < text2.length) {
    const wanted = pattern[p];
    if (wanted === "*") {
      star = p++;
      resume = at;
    } else if (wanted === "?" || wanted === text2[at]) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

// packages/rollout/src/decide.ts
function decide(index, device, nowSeconds) {
  const scope = ["project", "app", "platform", "channel"].find(
    (name) => index[name] !== device[name]
  );
  if (scope !== void 0) return { action: "none", reasons: [{ code: "R_OTHER_SCOPE", detail: scope }] };
  if (nowSeconds >= index.expiresAtSeconds) return { action: "none", reasons: [{ code: "R_INDEX_EXPIRED" }] };
  const reasons = [];
  const lower = [];
  let best;
  let running;
  for (let i2 = index.releases.length - 1; i2 >= 0; i2--) {
    const release = index.releases[i2];
    if (release.releaseId === device.currentReleaseId) running = release;
    const obstacle = obstacleFor(release, device);
    if (obstacle !== void 0) {
      reasons.push(obstacle);
      if (obstacle.code === "R_NOT_NEWER" && isBetween(release, device)) lower.push(release);
    } else if (best === void 0) {
      best = release;
      reasons.push({ code: "R_SELECTED", releaseId: release.releaseId });
    } else {
      reasons.push({ code: "R_SUPERSEDED", detail: `by ${best.releaseId}`, releaseId: release.releaseId });
    }
  }
  if (best !== void 0) return { action: "update", mandatory: best.mandatory, reasons, release: best };
  return isRunningRevoked(running, device) ? rollback(running?.rollbackTo, lower, index, device, reasons) : { action: "none", reasons };
}
function rollback(named, lower, index, device, reasons) {
  const target2 = named === void 0 ? lower.find((release) => misfitOf(release, device) === void 0) : index.releases.find(
    (release) => release.releaseId === named && isBetween(release, device) && unusable(release, device) === void 0
  );
  if (target2 === void 0) {
    return { action: "rollback", reasons: [...reasons, { code: "R_ROLLBACK_TO_EMBEDDED" }], to: "embedded" };
  }
  const others = reasons.filter(({ releaseId: releaseId2 }) => releaseId2 !== target2.releaseId);
  return {
    action: "rollback",
    reasons: [...others, { code: "R_SELECTED", releaseId: target2.releaseId }],
    to: target2
  };
}
function obstacleFor(release, device) {
  const { releaseId: releaseId2 } = release;
  if (isRevoked(release, device)) return { code: "R_REVOKED", releaseId: releaseId2 };
  if (releaseId2 === device.currentReleaseId) return { code: "R_RUNNING", releaseId: releaseId2 };
  if (release.status === "paused") return { code: "R_PAUSED", releaseId: releaseId2 };
  const known = isRetry(release, device) ? device.currentVersionCode : Math.max(device.currentVersionCode, device.highestVersionCode ?? 0, device.embeddedVersionCode ?? 0);
  if (release.versionCode <= known)
    return { code: "R_NOT_NEWER", detail: `${release.versionCode} \u2264 ${known}`, releaseId: releaseId2 };
  return misfitOf(release, device);
}
function misfitOf(release, device) {
  const hard = unusable(release, device);
  if (hard !== void 0) return hard;
  const { releaseId: releaseId2, targeting } = release;
  if (targeting !== void 0) {
    const verdict2 = evaluateRule(targeting, device);
    if (verdict2 === "unknown") return { code: "R_TARGETING_UNKNOWN", releaseId: releaseId2 };
    if (verdict2 === "no-match") return { code: "R_TARGETING", releaseId: releaseId2 };
  }
  if (!release.mandatory && release.rolloutBasisPoints < 1e4) {
    const bucket = bucketOf(release.salt, device.deviceId);
    if (bucket >= release.rolloutBasisPoints) {
      return {
        code: "R_NOT_IN_ROLLOUT",
        detail: `bucket ${bucket} of ${release.rolloutBasisPoints}`,
        releaseId: releaseId2
      };
    }
  }
  return void 0;
}
function unusable(release, device) {
  const { releaseId: releaseId2 } = release;
  if (isRevoked(release, device)) return { code: "R_REVOKED", releaseId: releaseId2 };
  if (release.status === "paused") return { code: "R_PAUSED", releaseId: releaseId2 };
  if (!fitsRuntime(release, device))
    return {
      code: "R_RUNTIME_MISMATCH",
      detail: release.runtimeVersion ?? release.binaryVersion ?? "",
      releaseId: releaseId2
    };
  if ((device.failedSha256Hex ?? []).includes(release.launchSha256Hex) && !isRetry(release, device)) {
    return { code: "R_FAILED_HERE", releaseId: releaseId2 };
  }
  return void 0;
}
function isRevoked({ releaseId: releaseId2, status }, device) {
  return status === "revoked" || (device.revokedReleaseIds ?? []).includes(releaseId2);
}
function isRunningRevoked(running, device) {
  if (running !== void 0) return isRevoked(running, device);
  return device.currentReleaseId !== void 0 && (device.revokedReleaseIds ?? []).includes(device.currentReleaseId);
}
function isBetween({ versionCode }, device) {
  return versionCode < device.currentVersionCode && versionCode > (device.embeddedVersionCode ?? 0);
}
function isRetry(release, device) {
  const token = device.retryTokens?.[release.launchSha256Hex];
  return token !== void 0 && release.retryToken !== void 0 && release.retryToken > token;
}
function fitsRuntime({ runtimeVersion, binaryVersion }, device) {
  if (runtimeVersion !== void 0) return runtimeVersion === device.runtimeVersion;
  return satisfiesRange(device.binaryVersion, binaryVersion) === true;
}

// packages/rollout/src/explain.ts
var SENTENCE = {
  R_FAILED_HERE: "failed on this device before",
  R_INDEX_EXPIRED: "the channel index has expired; publish or re-sign it",
  R_NOT_IN_ROLLOUT: "this device is not in the rollout yet",
  R_NOT_NEWER: "not newer than what the device has had",
  R_OTHER_SCOPE: "the index is for another project, app, platform or channel",
  R_PAUSED: "paused",
  R_REVOKED: "revoked",
  R_ROLLBACK_TO_EMBEDDED: "no other release fits: back to the embedded bundle",
  R_RUNNING: "running now",
  R_RUNTIME_MISMATCH: "made for another runtime or binary version",
  R_SELECTED: "this is the one",
  R_SUPERSEDED: "fits, but a higher one fits too",
  R_TARGETING: "the targeting rule excludes this device",
  R_TARGETING_UNKNOWN: "the targeting rule uses something this version does not know"
};
function explain(index, device, nowSeconds) {
  const decision = decide(index, device, nowSeconds);
  const versions = new Map(index.releases.map(({ releaseId: releaseId2, version }) => [releaseId2, version]));
  const lines = decision.reasons.map(({ code, releaseId: releaseId2, detail }) => {
    const what = releaseId2 === void 0 ? "index" : `${versions.get(releaseId2) ?? "?"} (${releaseId2})`;
    return `${what}: ${SENTENCE[code]}${detail === void 0 ? "" : `, ${detail}`} [${code}]`;
  });
  return { decision, lines: [headline(decision), ...lines] };
}
function headline(decision) {
  if (decision.action === "none") return "Nothing to do.";
  if (decision.action === "update") {
    return `Update to ${decision.release.version} (${decision.release.releaseId})${decision.mandatory ? ", mandatory" : ""}.`;
  }
  return decision.to === "embedded" ? "Go back to the embedded bundle." : `Go back to ${decision.to.version} (${decision.to.releaseId}).`;
}

// packages/publisher/src/check-release.ts
function checkRelease({ budget = {}, scope }, input) {
  const { assets = [], binaryVersion, launch, reactNative } = input;
  if (binaryVersion !== void 0 && !isVersionRange(binaryVersion)) {
    throw publishError(
      "ERR_PUBLISH_BINARY_VERSION",
      `${JSON.stringify(binaryVersion)} is no range of versions, so no device would get the release. Write it like ">=2.0.0 <3.0.0"`,
      { details: { binaryVersion } }
    );
  }
  const map = [launch, ...assets].find(({ path: path2 }) => path2.endsWith(".map"));
  if (map !== void 0) {
    throw publishError(
      "ERR_PUBLISH_SOURCE_MAP",
      `${map.path} is a source map, and would be downloaded by every device; leave it out, or give it as sourceMap`,
      { details: { path: map.path } }
    );
  }
  if (reactNative !== void 0) {
    checkAssetLayout({
      assetPaths: assets.map(({ path: path2 }) => path2),
      launchPath: launch.path,
      platform: scope.platform,
      reactNativeVersion: reactNative.version,
      ...reactNative.assets === void 0 ? {} : { sources: reactNative.assets }
    });
  }
  checkBudget("bundle", launch.bytes.length, budget.bundleBytes, launch.path);
  const files = [launch, ...assets];
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const largest = files.slice().sort((a, b) => b.bytes.length - a.bytes.length).slice(0, 3).map(({ bytes, path: path2 }) => `${path2} ${bytes.length}`);
  checkBudget("release", total, budget.releaseBytes, `largest files: ${largest.join(", ")}`);
}
function checkBudget(what, sizeBytes, budget, hint) {
  if (budget === void 0) return;
  if (!Number.isFinite(budget) || budget < 0)
    throw new RangeError(`budget: ${what}Bytes must be a number of bytes, got ${budget}`);
  if (sizeBytes <= budget) return;
  throw publishError(
    "ERR_PUBLISH_BUDGET",
    `The ${what} has ${sizeBytes} bytes, ${budget} are allowed (${hint}). Make it smaller, or raise ${what}Bytes of the budget.`,
    { details: { budget, sizeBytes } }
  );
}

// packages/publisher/src/flag-warnings.ts
function flagWarnings(embedded, launch, index, outcomes, fullSizeBytes) {
  return embedded.flatMap((bytes) => {
    const differences = compareBuilds(bytes, launch);
    if (differences.length === 0) return [];
    const baseSha256Hex = sha256Hex(bytes);
    const patch = outcomes?.find((outcome) => outcome.baseSha256Hex === baseSha256Hex)?.patch;
    const downloadBytes = outcomes === void 0 ? void 0 : patch?.sizeBytes ?? fullSizeBytes;
    const earlier = index?.releases.flatMap(({ patches }) => patches.filter((one) => one.baseSha256Hex === baseSha256Hex)).at(-1)?.sizeBytes;
    const list2 = differences.map(({ embedded: was, flag, release: is }) => `${flag}: ${String(was)} there, ${String(is)} here`).join("; ");
    const cost = downloadBytes === void 0 ? "" : ` Devices with that bundle download ${downloadBytes} bytes (${patch === void 0 ? "the whole file" : "a patch"}${earlier === void 0 ? "" : `, ${(downloadBytes / earlier).toFixed(1)} times the ${earlier} of the last patch from there`}).`;
    return [
      {
        code: "WARN_BUILD_FLAGS",
        details: {
          baseSha256Hex,
          differences,
          ...downloadBytes === void 0 ? {} : { downloadBytes },
          ...earlier === void 0 ? {} : { earlierPatchBytes: earlier }
        },
        message: `The release was built otherwise than the embedded bundle (${list2}).${cost} Build both with the same flags.`
      }
    ];
  });
}

// packages/publisher/src/media-type.ts
var TYPES = {
  avif: "image/avif",
  bundle: "application/octet-stream",
  gif: "image/gif",
  hbc: "application/vnd.hermes.bytecode",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  lottie: "application/json",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  otf: "font/otf",
  png: "image/png",
  svg: "image/svg+xml",
  ttf: "font/ttf",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xml: "application/xml"
};
function mediaTypeOf(path2) {
  const extension = /\.([A-Za-z0-9]+)$/.exec(path2)?.[1]?.toLowerCase() ?? "";
  return TYPES[extension] ?? "application/octet-stream";
}

// packages/publisher/src/prepare-release.ts
function prepareRelease(input, scope, nowSeconds) {
  const { launch: launchInput, assets = [] } = input;
  if (launchInput.bytes.length === 0)
    throw publishError("ERR_PUBLISH_EMPTY", `The launch file ${launchInput.path} is empty`);
  const hbcVersion = checkLaunch(input);
  const address = ({ path: path2, bytes, mediaType: mediaType2 }) => addressFile(path2, bytes, mediaType2 ?? mediaTypeOf(path2));
  const launch = address(launchInput);
  const addressed = assets.map((asset) => ({ file: address(asset), scalePercent: asset.scalePercent }));
  const files = [launch, ...addressed.map(({ file }) => file)];
  const releaseId2 = input.releaseId ?? contentId(input.version, files);
  const entry = ({ path: path2, bytes, mediaType: mediaType2, sha256Hex: hash2 }) => ({
    mediaType: mediaType2,
    path: path2,
    sha256Hex: hash2,
    sizeBytes: bytes.length
  });
  return {
    files,
    launch,
    manifest: (versionCode) => ({
      app: scope.app,
      assets: addressed.map(
        ({ file, scalePercent }) => scalePercent === void 0 ? entry(file) : { ...entry(file), scalePercent }
      ),
      createdAtSeconds: input.createdAtSeconds ?? nowSeconds,
      launch: hbcVersion === void 0 ? entry(launch) : { ...entry(launch), hbcVersion },
      metadata: input.metadata ?? {},
      platform: scope.platform,
      project: scope.project,
      releaseId: releaseId2,
      version: input.version,
      versionCode,
      ...input.runtimeVersion === void 0 ? {} : { runtimeVersion: input.runtimeVersion },
      ...input.binaryVersion === void 0 ? {} : { binaryVersion: input.binaryVersion }
    }),
    releaseId: releaseId2,
    ...hbcVersion === void 0 ? {} : { hbcVersion }
  };
}
function checkLaunch({ launch, hbcVersion: expected, allowPlainJs }) {
  const bundle = bundleKind(launch.bytes);
  if (bundle.kind === "damaged-hermes") {
    throw publishError(
      "ERR_PUBLISH_BYTECODE",
      `${launch.path} begins like Hermes bytecode but is not as long as its header says; build it again`
    );
  }
  if (bundle.kind === "javascript") {
    if (allowPlainJs === true) return void 0;
    throw publishError(
      "ERR_PUBLISH_PLAIN_JS",
      `${launch.path} is JavaScript source, not Hermes bytecode: every start would compile it. Compile it with hermesc, or allow it (allowPlainJs).`
    );
  }
  if (expected !== void 0 && expected !== bundle.hbcVersion) {
    throw publishError(
      "ERR_PUBLISH_BYTECODE",
      `${launch.path} is bytecode version ${bundle.hbcVersion}, the target runtime reads ${expected}: it would not start. Use the hermesc of that React Native version.`,
      { details: { expected, got: bundle.hbcVersion } }
    );
  }
  return bundle.hbcVersion;
}
function contentId(version, files) {
  const content = files.map(({ path: path2, sha256Hex: hash2 }) => `${hash2} ${path2}
`).join("");
  const name = version.replace(/[^A-Za-z0-9._-]/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 48);
  return `${name === "" ? "r" : name}-${sha256Hex(utf8ToBytes(content)).slice(0, 12)}`;
}

// packages/publisher/src/publish-release.ts
async function publishRelease(options2, input) {
  await checkSigners(options2);
  checkRelease(options2, input);
  const prepared = prepareRelease(input, options2.scope, Math.floor(options2.clock.nowMs() / 1e3));
  const identity = identityOf(input, prepared);
  const guard = await openSweepGuard(options2);
  const before = await readChannel(options2);
  const present = findOrAdmit(before?.index, identity);
  await checkBytecodeVersion(options2, input, before?.index);
  const bases = basesOf(options2, input, prepared, before?.index);
  if (present === void 0) checkRoom(options2, input, prepared, bases, before?.index);
  await guard.protect([
    sourceMapKey(prepared.launch.sha256Hex),
    ...prepared.files.map((file) => objectKey(file.sha256Hex)),
    ...keysOfPairs(bases, prepared.launch.sha256Hex)
  ]);
  await uploadObjects(options2, prepared.files);
  if (input.sourceMap !== void 0) {
    await options2.storage.put(sourceMapKey(prepared.launch.sha256Hex), input.sourceMap, {
      cacheControl: "private, no-store",
      contentType: "application/json",
      ifAbsent: true
    });
  }
  const fullSizeBytes = await smallestStoredBytes(options2, prepared.launch);
  const outcomes = bases.length === 0 ? [] : await makePatches(
    options2,
    options2.patchMaker ?? deltaPatchMaker,
    prepared.launch,
    bases.map(
      ({ bytes, sha256Hex: hash2 }) => bytes === void 0 ? { sha256Hex: hash2 } : { bytes, sha256Hex: hash2 }
    ),
    fullSizeBytes
  );
  const warnings = flagWarnings(
    input.patchBases ?? [],
    prepared.launch.bytes,
    before?.index,
    outcomes,
    fullSizeBytes
  );
  for (const warning of warnings) options2.onEvent?.({ type: "warning", warning });
  const patches = outcomes.flatMap(({ patch }) => patch === void 0 ? [] : [patch]);
  let published;
  let changed = false;
  const index = await changeChannel(
    options2,
    async (current) => {
      changed = false;
      published = findOrAdmit(current, identity);
      if (published !== void 0) return void 0;
      const versionCode = input.versionCode ?? nextVersionCode(current);
      const manifest = await uploadManifest(options2, guard, prepared, versionCode);
      published = indexRelease(input, prepared, versionCode, manifest, patches);
      changed = true;
      return { releases: [...current?.releases ?? [], published] };
    },
    guard.checkTime
  );
  return {
    changed,
    patches: outcomes,
    release: published,
    sequence: index?.sequence ?? 0,
    warnings
  };
}
async function planRelease(options2, input) {
  await checkSigners(options2);
  checkRelease(options2, input);
  const prepared = prepareRelease(input, options2.scope, Math.floor(options2.clock.nowMs() / 1e3));
  const index = (await readChannel(options2))?.index;
  const present = findOrAdmit(index, identityOf(input, prepared));
  await checkBytecodeVersion(options2, input, index);
  const bases = basesOf(options2, input, prepared, index);
  if (present === void 0) checkRoom(options2, input, prepared, bases, index);
  const uploads = (await missingObjects(options2, prepared.files)).map(({ path: path2, bytes }) => ({
    path: path2,
    sizeBytes: bytes.length
  }));
  return {
    alreadyPublished: present !== void 0,
    nextSequence: (index?.sequence ?? 0) + (present === void 0 ? 1 : 0),
    patchBases: bases.map(({ bytes: _bytes, ...base }) => base),
    releaseId: prepared.releaseId,
    uploadBytes: uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    uploads,
    versionCode: present?.versionCode ?? input.versionCode ?? nextVersionCode(index),
    warnings: flagWarnings(input.patchBases ?? [], prepared.launch.bytes, index, void 0, 0)
  };
}
function identityOf({ versionCode }, { launch, releaseId: releaseId2 }) {
  const identity = { launchSha256Hex: launch.sha256Hex, releaseId: releaseId2 };
  return versionCode === void 0 ? identity : { ...identity, versionCode };
}
function basesOf({ patchBaseCount: count2 = 3 }, { adoption, binaryVersion, patchBases = [], runtimeVersion }, { launch }, index) {
  if (count2 === 0) return [];
  const embedded = new Map(patchBases.map((bytes) => [sha256Hex(bytes), bytes]));
  return planBases({
    count: count2,
    embedded: Array.from(embedded.keys()),
    index,
    target: {
      launchSha256Hex: launch.sha256Hex,
      ...runtimeVersion === void 0 ? {} : { runtimeVersion },
      ...binaryVersion === void 0 ? {} : { binaryVersion }
    },
    ...adoption === void 0 ? {} : { adoption }
  }).map((base) => {
    const bytes = embedded.get(base.sha256Hex);
    return bytes === void 0 ? base : { ...base, bytes };
  });
}
function checkRoom(options2, input, prepared, bases, index) {
  const hash2 = "f".repeat(64);
  const patches = bases.map(({ sha256Hex: baseSha256Hex }) => ({
    baseSha256Hex,
    format: "none",
    sha256Hex: hash2,
    sizeBytes: LIMITS.objectSizeBytes
  }));
  const manifest = { sha256Hex: hash2, sizeBytes: LIMITS.manifestSizeBytes };
  const versionCode = input.versionCode ?? nextVersionCode(index);
  const release = indexRelease(input, prepared, versionCode, manifest, patches);
  checkIndexRoom(
    nextIndex(options2, {
      releases: [...index?.releases ?? [], release],
      sequence: (index?.sequence ?? 0) + 1,
      ...index === void 0 ? {} : { previousSha256Hex: hash2 }
    })
  );
}
async function uploadManifest({ onEvent, signers, storage }, guard, prepared, versionCode) {
  const { envelope } = await signManifest(prepared.manifest(versionCode), signers.release);
  const hash2 = sha256Hex(envelope);
  await guard.protect([manifestKey(hash2)]);
  await storage.put(manifestKey(hash2), envelope, {
    cacheControl: IMMUTABLE,
    contentType: 'application/cose; cose-type="cose-sign1"',
    ifAbsent: true
  });
  onEvent?.({ sha256Hex: hash2, type: "manifest", versionCode });
  return { sha256Hex: hash2, sizeBytes: envelope.length };
}
function indexRelease(input, prepared, versionCode, manifest, patches) {
  return {
    launchSha256Hex: prepared.launch.sha256Hex,
    mandatory: input.mandatory ?? false,
    manifest,
    patches,
    releaseId: prepared.releaseId,
    rolloutBasisPoints: input.rolloutBasisPoints ?? 1e4,
    salt: prepared.releaseId,
    status: "active",
    version: input.version,
    versionCode,
    ...input.runtimeVersion === void 0 ? {} : { runtimeVersion: input.runtimeVersion },
    ...input.binaryVersion === void 0 ? {} : { binaryVersion: input.binaryVersion },
    ...input.targeting === void 0 ? {} : { targeting: input.targeting }
  };
}

// packages/publisher/src/index-changes.ts
function indexChanges(before, after) {
  const old = new Map((before?.releases ?? []).map((release) => [release.releaseId, release]));
  const changes2 = after.releases.flatMap((release) => changesOf(old.get(release.releaseId), release));
  const left = new Set(after.releases.map(({ releaseId: releaseId2 }) => releaseId2));
  for (const { releaseId: releaseId2, version } of old.values())
    if (!left.has(releaseId2)) changes2.push({ releaseId: releaseId2, type: "retired", version });
  return changes2.length === 0 ? [{ type: "refreshed" }] : changes2;
}
function changesOf(before, after) {
  const { releaseId: releaseId2, rolloutBasisPoints, version } = after;
  if (before === void 0) return [{ releaseId: releaseId2, rolloutBasisPoints, type: "published", version }];
  const changes2 = [];
  if (before.rolloutBasisPoints !== rolloutBasisPoints)
    changes2.push({ from: before.rolloutBasisPoints, releaseId: releaseId2, to: rolloutBasisPoints, type: "rollout" });
  if (before.status !== after.status || before.rollbackTo !== after.rollbackTo) {
    const { rollbackTo } = after;
    const way = rollbackTo === void 0 ? {} : { rollbackTo };
    changes2.push({ from: before.status, releaseId: releaseId2, to: after.status, type: "status", ...way });
  }
  if (JSON.stringify(before.patches) !== JSON.stringify(after.patches))
    changes2.push({ from: before.patches.length, releaseId: releaseId2, to: after.patches.length, type: "patches" });
  const told = /* @__PURE__ */ new Set(["rolloutBasisPoints", "status", "rollbackTo", "patches"]);
  const names = /* @__PURE__ */ new Set([...Object.keys(before), ...Object.keys(after)]);
  const members = Array.from(names).filter(
    (name) => !told.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name])
  );
  if (members.length > 0) changes2.push({ members, releaseId: releaseId2, type: "other" });
  return changes2;
}

// packages/publisher/src/open-index.ts
function openIndex(envelope, roots, scope) {
  let failure;
  for (const root of roots.slice().reverse()) {
    try {
      const keys = keysForRole(root, "index", scope.channel);
      const { document, kidHex, payload } = verifyChannelIndex(envelope, { keys, scope });
      checkEpoch(document, root);
      return { index: document, kidHex, payloadSha256Hex: sha256Hex(payload), root };
    } catch (error) {
      if (!isOtaError(error, "ERR_COSE_KEY_UNKNOWN")) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

// packages/publisher/src/trusted-roots.ts
async function trustedRoots(options2, previous) {
  const current = trustRootOf(options2);
  if (previous === void 0) return [current];
  const first = "root" in previous ? previous.root : rootFromKeys(options2.scope.project, previous.keys);
  if (first.version > current.version || first.project !== current.project) {
    throw publishError(
      "ERR_PUBLISH_ROOTS",
      `The previous root is version ${first.version} of ${first.project}, the publisher has version ${current.version} of ${current.project}`
    );
  }
  if (current.version === 0) return [first, current];
  const roots = [first];
  for (let root = first; root.version < current.version; roots.push(root)) {
    const key = rootKey(root.version + 1);
    const stored = await options2.storage.get(key, {
      maxSizeBytes: LIMITS.rootSizeBytes + LIMITS.envelopeOverheadBytes
    });
    if (stored === void 0) {
      throw publishError(
        "ERR_PUBLISH_ROOTS",
        `${key} is not in the storage: publish every root, devices walk the same way`,
        { details: { key } }
      );
    }
    root = verifyRootStep(root, stored.body);
  }
  const last = roots[roots.length - 1];
  if (!equalBytes(encodeTrustRoot(last), encodeTrustRoot(current))) {
    throw publishError(
      "ERR_PUBLISH_ROOTS",
      `Root ${current.version} in the storage is not the one that this publisher trusts`
    );
  }
  return roots;
}

// packages/publisher/src/read-audit-log.ts
var MAX_SIZE_BYTES2 = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;
var READS_AT_ONCE = 16;
async function readAuditLog(options2, { previousTrust } = {}) {
  const { scope, storage } = options2;
  const roots = await trustedRoots(options2, previousTrust);
  const problems = [];
  const problem2 = (key, error) => {
    problems.push({
      code: isOtaError(error) ? error.code : "ERR_PUBLISH_LOG",
      key,
      message: error instanceof Error ? error.message : String(error)
    });
  };
  const open = async (key) => {
    try {
      const stored = await storage.get(key, { maxSizeBytes: MAX_SIZE_BYTES2 });
      if (stored === void 0) return void 0;
      const opened2 = openIndex(stored.body, roots, scope);
      if (key !== indexKey(scope) && key !== indexLogKey(scope, opened2.index))
        throw new Error(`it holds index ${opened2.index.epoch}-${opened2.index.sequence}`);
      return opened2;
    } catch (error) {
      problem2(key, error);
      return void 0;
    }
  };
  const keys = (await listAll(storage, indexLogPrefix(scope))).map(({ key }) => key);
  const opened = (await inParallel(keys, READS_AT_ONCE, open)).flatMap((one) => one ?? []).sort((a, b) => a.index.epoch - b.index.epoch || a.index.sequence - b.index.sequence);
  const byHash = new Map(opened.map((one) => [one.payloadSha256Hex, one]));
  const entries = opened.map((one, i2) => {
    const { epoch, issuedAtSeconds, previousSha256Hex, sequence } = one.index;
    const where = indexLogKey(scope, one.index);
    const last2 = opened[i2 - 1];
    const before = previousSha256Hex === void 0 ? void 0 : byHash.get(previousSha256Hex);
    if (last2?.index.epoch === epoch && last2.index.sequence + 1 !== sequence)
      problem2(where, new Error(`follows ${last2.index.sequence}: ${gap(last2.index.sequence, sequence)}`));
    if (i2 > 0 && previousSha256Hex === void 0)
      problem2(where, new Error("begins anew, although the log goes back further"));
    if (i2 === 0 && previousSha256Hex !== void 0)
      problem2(
        where,
        new Error("is the first entry, but follows another: the beginning of the log is missing")
      );
    else if (previousSha256Hex !== void 0 && before === void 0)
      problem2(where, new Error(`follows ${previousSha256Hex}, which is not in the log`));
    else if (last2?.index.epoch === epoch && before !== last2)
      problem2(where, new Error("does not follow the entry before it"));
    if (before !== void 0 && before.index.issuedAtSeconds > issuedAtSeconds)
      problem2(where, new Error("was issued before the one it follows"));
    const { kidHex, payloadSha256Hex } = one;
    const changes2 = indexChanges(before?.index, one.index);
    return { changes: changes2, epoch, issuedAtSeconds, kidHex, payloadSha256Hex, sequence };
  });
  const current = await open(indexKey(scope));
  const last = opened[opened.length - 1];
  if (current !== void 0 && current.payloadSha256Hex !== last?.payloadSha256Hex) {
    problem2(
      indexKey(scope),
      new Error(
        byHash.has(current.payloadSha256Hex) ? `is ${current.index.epoch}-${current.index.sequence}, the log goes on to ${last?.index.epoch}-${last?.index.sequence}: an old index was put back` : "is not in the log; a publisher was killed, and the next change will log it"
      )
    );
  }
  return { entries, problems };
}
function gap(from, to) {
  const count2 = to - from - 1;
  return count2 === 1 ? `${from + 1} is missing` : `${from + 1} to ${to - 1} are missing`;
}

// packages/publisher/src/recover-index.ts
var MAX_SIZE_BYTES3 = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;
async function recoverIndex(options2, { lastGood, previousTrust }) {
  const { scope, signers, storage } = options2;
  checkCanSwap(options2);
  await checkSigners(options2);
  const guard = await openSweepGuard(options2);
  const roots = await trustedRoots(options2, previousTrust);
  const key = indexKey(scope);
  const stored = await storage.get(key, { maxSizeBytes: MAX_SIZE_BYTES3 });
  const good = openIndex(
    lastGood === void 0 ? stored?.body ?? nothingAt(key) : (await storage.get(indexLogKey(scope, lastGood), { maxSizeBytes: MAX_SIZE_BYTES3 }))?.body ?? nothingAt(indexLogKey(scope, lastGood)),
    roots,
    scope
  );
  for (const release of good.index.releases) {
    const keys = await keysOfManifest(options2, release);
    if (keys === void 0) {
      throw publishError(
        "ERR_PUBLISH_STATE",
        `The manifest of ${release.releaseId} was collected; choose a later index`,
        { details: { releaseId: release.releaseId } }
      );
    }
    await guard.protect([...keys, ...keysOfPatches(release)]);
  }
  const root = trustRootOf(options2);
  const next2 = nextIndex(options2, {
    previousSha256Hex: good.payloadSha256Hex,
    releases: good.index.releases,
    sequence: sequenceAfter(good, root, stored?.body)
  });
  const { envelope } = await signChannelIndex(next2, signers.index);
  if (lastGood === void 0 && stored !== void 0) await writeLog(options2, good.index, stored.body);
  guard.checkTime();
  if (await writeIndex(options2, next2, envelope, stored?.etag)) return next2;
  throw publishError(
    "ERR_PUBLISH_CONTENTION",
    "The index was changed meanwhile; look at it and run it again",
    {
      retryable: true
    }
  );
}
function sequenceAfter({ index }, root, current) {
  if (root.version > index.epoch) return index.sequence < Number.MAX_SAFE_INTEGER ? index.sequence + 1 : 2;
  const unverified = current === void 0 ? index : unverifiedIndex(current);
  const highest = Math.max(index.sequence, unverified.epoch === root.version ? unverified.sequence : 0);
  if (highest < Number.MAX_SAFE_INTEGER && unverified.epoch <= root.version) return highest + 1;
  throw publishError(
    "ERR_PUBLISH_STATE",
    "No number is left above the current index: sign the next trust root, a new epoch counts anew"
  );
}
function nothingAt(key) {
  throw publishError("ERR_PUBLISH_STATE", `There is no index at ${key} to recover`, { details: { key } });
}

// packages/publisher/src/steer-release.ts
async function editRelease(options2, releaseId2, change) {
  await checkSigners(options2);
  const index = await changeChannel(options2, async (current) => {
    const { index: found, release: before } = requireRelease(current, releaseId2, options2.scope.channel);
    const after = change(before);
    if (after === before) return void 0;
    return { releases: found.releases.map((release) => release === before ? after : release) };
  });
  return index;
}
function setStatus(options2, releaseId2, status) {
  return editRelease(options2, releaseId2, (release) => {
    if (release.status === "revoked") {
      throw publishError(
        "ERR_PUBLISH_STATE",
        `${releaseId2} is revoked, which is final; publish a new release instead`,
        { details: { releaseId: releaseId2 } }
      );
    }
    return release.status === status ? release : { ...release, status };
  });
}
function setRollout(options2, releaseId2, rolloutBasisPoints) {
  if (!Number.isInteger(rolloutBasisPoints) || rolloutBasisPoints < 0 || rolloutBasisPoints > 1e4) {
    throw new RangeError(`setRollout: rolloutBasisPoints must be 0 \u2026 10,000, got ${rolloutBasisPoints}`);
  }
  return editRelease(
    options2,
    releaseId2,
    (release) => release.rolloutBasisPoints === rolloutBasisPoints ? release : { ...release, rolloutBasisPoints }
  );
}
function revokeRelease(options2, releaseId2, rollbackTo) {
  return editRelease(options2, releaseId2, (release) => {
    const { rollbackTo: _before, ...rest } = release;
    if (release.status === "revoked" && release.rollbackTo === rollbackTo) return release;
    return { ...rest, status: "revoked", ...rollbackTo === void 0 ? {} : { rollbackTo } };
  });
}
async function promoteRelease(options2, release, rolloutBasisPoints) {
  await checkSigners(options2);
  const guard = await openSweepGuard(options2);
  const keys = await keysOfManifest(options2, release);
  if (keys === void 0) {
    throw publishError(
      "ERR_PUBLISH_UNKNOWN_RELEASE",
      `The manifest of ${release.releaseId} is not in this storage; read the release from its channel again`,
      { details: { releaseId: release.releaseId } }
    );
  }
  await guard.protect([...keys, ...keysOfPatches(release)]);
  const index = await changeChannel(
    options2,
    async (current) => {
      const present = current?.releases.find(({ releaseId: releaseId2 }) => releaseId2 === release.releaseId);
      if (present !== void 0 && present.manifest.sha256Hex === release.manifest.sha256Hex)
        return void 0;
      if (present !== void 0) throw duplicateId(release.releaseId);
      checkVersionCode(current, release.versionCode);
      const { rollbackTo: _gone, ...rest } = release;
      return { releases: [...current?.releases ?? [], { ...rest, rolloutBasisPoints, status: "active" }] };
    },
    guard.checkTime
  );
  return index;
}

// packages/publisher/src/verify-channel.ts
async function verifyChannel(options2, maker) {
  const { storage, scope } = options2;
  const problems = [];
  const counts = { bytes: 0, objects: 0, patches: 0 };
  const checked = /* @__PURE__ */ new Map();
  const problem2 = (key, error) => {
    problems.push({
      code: isOtaError(error) ? error.code : "ERR_PUBLISH_CORRUPT",
      key,
      message: error instanceof Error ? error.message : String(error)
    });
  };
  const fetchHashed = async (key, hash2, sizeBytes) => {
    if (checked.has(key)) return checked.get(key);
    let body;
    try {
      body = (await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
      if (body === void 0) throw new Error("is named but not there");
      counts.bytes += body.length;
      if (sha256Hex(body) !== hash2) throw new Error("does not have the bytes that its name promises");
      if (sizeBytes !== void 0 && body.length !== sizeBytes)
        throw new Error(`has ${body.length} bytes, ${sizeBytes} are named`);
    } catch (error) {
      problem2(key, error);
      body = void 0;
    }
    checked.set(key, body);
    return body;
  };
  const verifyRelease = async (release) => {
    const key = manifestKey(release.manifest.sha256Hex);
    const envelope = await fetchHashed(key, release.manifest.sha256Hex, release.manifest.sizeBytes);
    if (envelope === void 0) return;
    const { document } = verifyManifest(envelope, {
      keys: keysForRole(trustRootOf(options2), "release"),
      scope
    });
    for (const name of ["releaseId", "versionCode", "version", "runtimeVersion", "binaryVersion"]) {
      if (document[name] !== release[name]) throw new Error(`manifest and index disagree on ${name}`);
    }
    if (document.launch.sha256Hex !== release.launchSha256Hex)
      throw new Error("manifest and index disagree on the launch file");
    for (const file of [document.launch, ...document.assets]) {
      counts.objects++;
      await fetchHashed(objectKey(file.sha256Hex), file.sha256Hex, file.sizeBytes);
    }
    for (const patch of release.patches) {
      counts.patches++;
      const where = patchKey(patch.baseSha256Hex, release.launchSha256Hex, patch.format);
      const bytes = await fetchHashed(where, patch.sha256Hex, patch.sizeBytes);
      const base = await fetchHashed(objectKey(patch.baseSha256Hex), patch.baseSha256Hex, void 0);
      if (bytes === void 0 || base === void 0) continue;
      try {
        if (sha256Hex(await maker.apply(base, bytes)) !== release.launchSha256Hex)
          throw new Error("gives another file than the release");
      } catch (error) {
        problem2(where, error);
      }
    }
  };
  let releases = [];
  let sequence;
  try {
    const channel2 = await readChannel(options2);
    releases = channel2?.index.releases ?? [];
    sequence = channel2?.index.sequence;
  } catch (error) {
    problem2("index", error);
  }
  for (const release of releases) {
    await verifyRelease(release).catch(
      (error) => problem2(manifestKey(release.manifest.sha256Hex), error)
    );
  }
  return { ...counts, problems, releases: releases.length, ...sequence === void 0 ? {} : { sequence } };
}

// packages/publisher/src/publisher.ts
function createPublisher(options2) {
  return {
    backfillPatches: (input = {}) => backfillPatches(options2, input),
    collectGarbage: (input = {}) => collectGarbage(options2, input),
    pause: (releaseId2) => setStatus(options2, releaseId2, "paused"),
    plan: (input) => planRelease(options2, input),
    promote: (release, { rolloutBasisPoints = 1e4 } = {}) => promoteRelease(options2, release, rolloutBasisPoints),
    publish: (input) => publishRelease(options2, input),
    read: () => readChannel(options2),
    readAuditLog: (input = {}) => readAuditLog(options2, input),
    recoverIndex: (input) => recoverIndex(options2, input),
    refresh: async () => {
      await checkSigners(options2);
      return await changeChannel(options2, async (current) => ({
        releases: current?.releases ?? []
      }));
    },
    retire: ({ keep }) => retireReleases(options2, keep),
    resume: (releaseId2) => setStatus(options2, releaseId2, "active"),
    revoke: (releaseId2, { rollbackTo } = {}) => revokeRelease(options2, releaseId2, rollbackTo),
    setRollout: (releaseId2, rolloutBasisPoints) => setRollout(options2, releaseId2, rolloutBasisPoints),
    verify: () => verifyChannel(options2, options2.patchMaker ?? deltaPatchMaker)
  };
}

// packages/storage/src/error.ts
function storageError(code, adapter, message, options2 = {}) {
  return new OtaError(code, `[${adapter}] ${message}`, {
    retryable: code === "ERR_STORAGE_UNAVAILABLE",
    ...options2
  });
}

// packages/storage/src/metadata.ts
function completeMetadata(given) {
  const base = {
    cacheControl: given.cacheControl ?? "no-store",
    contentType: given.contentType ?? "application/octet-stream"
  };
  return given.contentEncoding === void 0 ? base : { ...base, contentEncoding: given.contentEncoding };
}
function sliceRange(body, range) {
  return range === void 0 ? body.slice() : body.slice(Math.max(0, range.startByte), range.endByte + 1);
}

// packages/storage/src/key.ts
function checkKey(adapter, key) {
  const ok = typeof key === "string" && key.length <= 512 && key.split("/").every((segment) => /^[A-Za-z0-9._@+-]+$/.test(segment) && !segment.endsWith("."));
  if (!ok) {
    throw storageError(
      "ERR_STORAGE_KEY",
      adapter,
      `${JSON.stringify(key)} is no storage key: [A-Za-z0-9._@+-] in segments, 512 bytes at most`,
      {
        details: { key }
      }
    );
  }
}
function checkPrefix(adapter, prefix) {
  if (prefix !== "") checkKey(adapter, prefix.endsWith("/") ? prefix.slice(0, -1) : prefix);
}

// packages/storage/src/memory-storage.ts
var NAME = "memory";
function memoryStorage() {
  const objects = /* @__PURE__ */ new Map();
  return {
    capabilities: { conditionalWrites: true },
    name: NAME,
    delete: async (key) => {
      checkKey(NAME, key);
      objects.delete(key);
    },
    get: async (key, { range, maxSizeBytes } = {}) => {
      checkKey(NAME, key);
      const found = objects.get(key);
      if (found === void 0) return void 0;
      if (maxSizeBytes !== void 0 && found.info.sizeBytes > maxSizeBytes) {
        throw storageError(
          "ERR_STORAGE_TOO_LARGE",
          NAME,
          `${key} has ${found.info.sizeBytes} bytes, at most ${maxSizeBytes} wanted`
        );
      }
      return { ...found.info, body: sliceRange(found.body, range) };
    },
    head: async (key) => {
      checkKey(NAME, key);
      return objects.get(key)?.info;
    },
    list: async (prefix, { cursor, limit = 1e3 } = {}) => {
      checkPrefix(NAME, prefix);
      const keys = Array.from(objects.keys()).filter((key) => key.startsWith(prefix) && (cursor === void 0 || key > cursor)).sort();
      const page = keys.slice(0, limit).map((key) => {
        const { etag, sizeBytes } = objects.get(key).info;
        return { etag, key, sizeBytes };
      });
      const last = page[page.length - 1];
      return keys.length > limit && last !== void 0 ? { cursor: last.key, objects: page } : { objects: page };
    },
    put: async (key, bytes, options2 = {}) => {
      checkKey(NAME, key);
      const present = objects.get(key);
      if (options2.ifAbsent === true && present !== void 0) return { written: false };
      if (options2.ifMatch !== void 0 && present?.info.etag !== options2.ifMatch) return { written: false };
      const body = new Uint8Array(bytes);
      const etag = sha256Hex(body);
      objects.set(key, { body, info: { ...completeMetadata(options2), etag, sizeBytes: body.length } });
      return { etag, written: true };
    }
  };
}

// packages/storage/src/http/parse-range.ts
function parseRange2(header, sizeBytes) {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (match === null) return void 0;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return void 0;
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? "unsatisfiable" : { endByte: sizeBytes - 1, startByte: sizeBytes - length };
  }
  const startByte = Number(first);
  const endByte = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== "" && Number(last) < startByte) return void 0;
  return startByte >= sizeBytes ? "unsatisfiable" : { endByte, startByte };
}

// packages/storage/src/http/static-handler.ts
var PUBLIC = /^(?:objects|patches|manifests|attestations|roots|channels)\//;
function createStaticHandler(storage, options2 = {}) {
  const basePath = options2.basePath ?? "/";
  const isPublic = options2.isPublic ?? ((key) => PUBLIC.test(key));
  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return problem(405, "Only GET and HEAD", { allow: "GET, HEAD" });
    }
    const { pathname } = new URL(request.url);
    const key = pathname.startsWith(basePath) ? safeDecode(pathname.slice(basePath.length)) : void 0;
    if (key === void 0 || !isPublic(key)) return problem(404, "No such object");
    try {
      return await serve(storage, key, request);
    } catch (error) {
      if (isOtaError(error, "ERR_STORAGE_KEY")) return problem(404, "No such object");
      return isOtaError(error) && error.retryable ? problem(503, "The storage does not answer", { "retry-after": "5" }) : problem(500, "The storage failed");
    }
  };
}
async function serve(storage, key, request) {
  const variant = await findVariant(storage, key, request.headers);
  if (variant === void 0) return problem(404, "No such object");
  const { info, storedKey } = variant;
  const etag = `"${info.etag}"`;
  const headers = new Headers({
    "accept-ranges": "bytes",
    "cache-control": info.cacheControl,
    "content-type": info.contentType,
    etag,
    vary: "accept-encoding",
    "x-content-type-options": "nosniff"
  });
  if (info.contentEncoding !== void 0) headers.set("content-encoding", info.contentEncoding);
  if (matches2(request.headers.get("if-none-match"), etag))
    return new Response(null, { headers, status: 304 });
  const ifRange = request.headers.get("if-range");
  const range = ifRange === null || ifRange === etag ? parseRange2(request.headers.get("range"), info.sizeBytes) : void 0;
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${info.sizeBytes}`);
    return new Response(null, { headers, status: 416 });
  }
  const length = range === void 0 ? info.sizeBytes : range.endByte - range.startByte + 1;
  headers.set("content-length", String(length));
  if (range !== void 0)
    headers.set("content-range", `bytes ${range.startByte}-${range.endByte}/${info.sizeBytes}`);
  const status = range === void 0 ? 200 : 206;
  if (request.method === "HEAD") return new Response(null, { headers, status });
  const object = await storage.get(storedKey, range === void 0 ? {} : { range });
  if (object === void 0 || object.etag !== info.etag)
    return problem(503, "The object is being replaced", { "retry-after": "1" });
  const init = { encodeBody: "manual", headers, status };
  return new Response(object.body, init);
}
async function findVariant(storage, key, headers) {
  const info = await storage.head(key);
  if (info === void 0 || info.contentEncoding !== void 0 || !key.startsWith("objects/") || headers.has("range")) {
    return info === void 0 ? void 0 : { info, storedKey: key };
  }
  const accepted = (headers.get("accept-encoding") ?? "").toLowerCase();
  for (const [encoding, suffix] of [
    ["br", ".br"],
    ["gzip", ".gz"]
  ]) {
    if (!new RegExp(`(?:^|[,\\s])${encoding}(?:$|[,;\\s])(?!\\s*q=0(?:\\.0*)?(?:$|[,\\s]))`).test(accepted))
      continue;
    const packed = await storage.head(key + suffix);
    if (packed !== void 0)
      return {
        info: { ...packed, contentEncoding: encoding, contentType: info.contentType },
        storedKey: key + suffix
      };
  }
  return { info, storedKey: key };
}
function matches2(header, etag) {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}
function safeDecode(path2) {
  try {
    return decodeURIComponent(path2);
  } catch {
    return void 0;
  }
}
function problem(status, title, headers = {}) {
  return new Response(JSON.stringify({ status, title }), {
    headers: { "cache-control": "no-store", "content-type": "application/problem+json", ...headers },
    status
  });
}

// packages/lifecycle/src/limits.ts
var BUDGETS = { pendingCrashes: 2, pendingUnknowns: 3, pendingNeutrals: 10, healthyCrashes: 3 };
var RECORD_MAX_BYTES = 4096;
var FAILED_MAX_ENTRIES = 32;

// packages/lifecycle/src/error.ts
function lifecycleError(code, message, details = {}) {
  return new OtaError(code, message, { details });
}

// packages/lifecycle/src/text-record.ts
var SEAL_LENGTH = 7 + 64 + 1;
var MAX_INTEGER_TEXT = "9007199254740991";
var integerField = {
  // By text, so that 2^53 (which a double rounds into range) is refused in every language alike.
  parse: (text2) => {
    if (!/^(0|[1-9][0-9]{0,15})$/.test(text2)) return void 0;
    return text2.length === 16 && text2 > MAX_INTEGER_TEXT ? void 0 : Number(text2);
  },
  format: (value) => Number.isSafeInteger(value) && value >= 0 ? String(value) : void 0
};
var hashField = {
  parse: (text2) => text2 === "" || isSha256Hex(text2) ? text2 : void 0,
  format: (value) => value === "" || isSha256Hex(value) ? value : void 0
};
var BINARY_ID = /^[A-Za-z0-9._:+-]{0,128}$/;
var binaryIdField = {
  parse: (text2) => BINARY_ID.test(text2) ? text2 : void 0,
  format: (value) => typeof value === "string" && BINARY_ID.test(value) ? value : void 0
};
function encodeTextRecord(shape, record2, hashHex = sha256Hex) {
  let text2 = `${shape.magic}${shape.version}
`;
  for (const { key, property, type } of shape.fields) {
    const value = type.format(record2[property]);
    if (value === void 0) {
      throw new RangeError(
        `${shape.magic} record: ${property} cannot be written: ${String(record2[property])}`
      );
    }
    text2 += `${key}=${value}
`;
  }
  const problem2 = shape.check?.(record2);
  if (problem2 !== void 0) throw new RangeError(`${shape.magic} record: ${problem2}`);
  const sealed = asciiBytes(`${text2}sha256=${hashHex(asciiBytes(text2))}
`);
  if (sealed.length > RECORD_MAX_BYTES) {
    throw lifecycleError(
      "ERR_LIFECYCLE_RECORD_TOO_LARGE",
      `A ${shape.magic} record of ${sealed.length} bytes; at most ${RECORD_MAX_BYTES}.`,
      { sizeBytes: sealed.length }
    );
  }
  return sealed;
}
function readTextRecord(shape, bytes, hashHex = sha256Hex) {
  if (!isBytes(bytes)) throw new TypeError("readTextRecord: expected a Uint8Array");
  const version = schemaVersion(shape.magic, bytes);
  if (version === void 0) return corrupt("the first line is not its magic");
  if (version !== String(shape.version)) {
    const newer = version.length > 1 || Number(version) > shape.version;
    return newer ? { kind: "newer", version } : corrupt(`schema ${version} never existed`);
  }
  if (bytes.length > RECORD_MAX_BYTES) return corrupt(`longer than ${RECORD_MAX_BYTES} bytes`);
  const text2 = asciiText(bytes);
  if (text2 === void 0) return corrupt("a byte that is neither a line feed nor printable ASCII");
  const sealAt = text2.length - SEAL_LENGTH;
  if (sealAt < 0 || text2.charAt(text2.length - 1) !== "\n") return corrupt("the last line is not complete");
  if (text2.charAt(sealAt - 1) !== "\n" || text2.slice(sealAt, sealAt + 7) !== "sha256=") {
    return corrupt("the last line is not the checksum");
  }
  if (text2.slice(sealAt + 7, -1) !== hashHex(bytes.subarray(0, sealAt))) return corrupt("wrong checksum");
  const lines = text2.slice(0, sealAt - 1).split("\n");
  if (lines.length !== shape.fields.length + 1) return corrupt("a line too many or too few");
  const record2 = {};
  for (let i2 = 0; i2 < shape.fields.length; i2++) {
    const { key, property, type } = shape.fields[i2];
    const line2 = lines[i2 + 1];
    if (line2.slice(0, key.length + 1) !== `${key}=`) return corrupt(`line ${i2 + 2} is not ${key}`);
    const value = type.parse(line2.slice(key.length + 1));
    if (value === void 0) return corrupt(`${key} has a value that is not allowed`);
    record2[property] = value;
  }
  const problem2 = shape.check?.(record2);
  return problem2 === void 0 ? { kind: "record", record: record2 } : corrupt(problem2);
}
function schemaVersion(magic, bytes) {
  for (let i2 = 0; i2 < magic.length; i2++) if (bytes[i2] !== magic.charCodeAt(i2)) return void 0;
  let digits = "";
  for (let i2 = magic.length; i2 < bytes.length && digits.length < 10; i2++) {
    const byte = bytes[i2];
    if (byte === 10) return /^[1-9][0-9]*$/.test(digits) ? digits : void 0;
    digits += String.fromCharCode(byte);
  }
  return void 0;
}
function corrupt(why) {
  return { kind: "corrupt", why };
}
function asciiText(bytes) {
  let text2 = "";
  for (let i2 = 0; i2 < bytes.length; i2++) {
    const byte = bytes[i2];
    if (byte !== 10 && (byte < 32 || byte > 126)) return void 0;
    text2 += String.fromCharCode(byte);
  }
  return text2;
}
function asciiBytes(text2) {
  const out = new Uint8Array(text2.length);
  for (let i2 = 0; i2 < text2.length; i2++) out[i2] = text2.charCodeAt(i2);
  return out;
}

// packages/lifecycle/src/boot-record.ts
var stateField = {
  parse: (text2) => text2 === "" || text2 === "P" || text2 === "H" ? text2 : void 0,
  format: (value) => value === "" || value === "P" || value === "H" ? value : void 0
};
var failedField = {
  parse: (text2) => {
    if (text2 === "") return [];
    const entries = text2.split(",");
    if (entries.length > FAILED_MAX_ENTRIES) return void 0;
    const out = [];
    for (const entry of entries) {
      const parsed = parseFailed(entry);
      if (parsed === void 0 || out.some(({ sha256Hex: sha256Hex2 }) => sha256Hex2 === parsed.sha256Hex))
        return void 0;
      out.push(parsed);
    }
    return out;
  },
  format: (value) => {
    const text2 = value.map(formatFailed).join(",");
    return failedField.parse(text2) === void 0 ? void 0 : text2;
  }
};
function parseFailed(entry) {
  const parts = entry.split(":");
  const [sha256Hex2, letter] = parts;
  if (parts.length !== 4 || !isSha256Hex(sha256Hex2) || letter !== "c" && letter !== "u") return void 0;
  const versionCode = integerField.parse(parts[2]);
  const retryToken = integerField.parse(parts[3]);
  if (versionCode === void 0 || retryToken === void 0) return void 0;
  return { sha256Hex: sha256Hex2, cause: letter === "c" ? "crash" : "unknown", versionCode, retryToken };
}
function formatFailed({ sha256Hex: sha256Hex2, cause, versionCode, retryToken }) {
  return `${sha256Hex2}:${cause === "crash" ? "c" : "u"}:${versionCode}:${retryToken}`;
}
var SHAPE = {
  magic: "OTAB",
  version: 1,
  fields: [
    { key: "seq", property: "sequence", type: integerField },
    { key: "bin", property: "binaryId", type: binaryIdField },
    { key: "hw", property: "highestVersionCode", type: integerField },
    { key: "rb", property: "rejectUpTo", type: integerField },
    { key: "rid", property: "requestId", type: integerField },
    { key: "cur", property: "currentSha256Hex", type: hashField },
    { key: "curvc", property: "currentVersionCode", type: integerField },
    { key: "curst", property: "currentState", type: stateField },
    { key: "curtok", property: "currentRetryToken", type: integerField },
    { key: "cc", property: "crashes", type: integerField },
    { key: "cu", property: "unknowns", type: integerField },
    { key: "cn", property: "neutrals", type: integerField },
    { key: "good", property: "goodSha256Hex", type: hashField },
    { key: "goodvc", property: "goodVersionCode", type: integerField },
    { key: "prev", property: "previousSha256Hex", type: hashField },
    { key: "prevvc", property: "previousVersionCode", type: integerField },
    { key: "lost", property: "lostSha256Hex", type: hashField },
    { key: "lid", property: "launchId", type: integerField },
    { key: "lhash", property: "launchSha256Hex", type: hashField },
    { key: "failed", property: "failed", type: failedField }
  ],
  check: (record2) => {
    if (record2.currentSha256Hex === "" !== (record2.currentState === "")) return "curst does not fit cur";
    if (record2.launchSha256Hex === "" !== (record2.launchId === 0)) return "lhash does not fit lid";
    if (record2.launchId > record2.sequence) return "lid is larger than seq";
    return void 0;
  }
};
var BOOT_SLOTS = ["boot.0", "boot.1"];
function emptyBootRecord(binaryId, embeddedVersionCode) {
  return {
    sequence: 0,
    binaryId,
    highestVersionCode: embeddedVersionCode,
    rejectUpTo: 0,
    requestId: 0,
    currentSha256Hex: "",
    currentVersionCode: 0,
    currentState: "",
    currentRetryToken: 0,
    crashes: 0,
    unknowns: 0,
    neutrals: 0,
    goodSha256Hex: "",
    goodVersionCode: 0,
    previousSha256Hex: "",
    previousVersionCode: 0,
    lostSha256Hex: "",
    launchId: 0,
    launchSha256Hex: "",
    failed: []
  };
}
function encodeBootRecord(record2, hashHex) {
  return encodeTextRecord(SHAPE, record2, hashHex);
}
function safeParseBootRecord(bytes, hashHex) {
  return readTextRecord(SHAPE, bytes, hashHex);
}

// packages/lifecycle/src/classify-exit.ts
function classifyExit(launchId, acknowledgedLaunchId, markers) {
  const has = (kind) => markers.some((marker) => marker.kind === kind && marker.launchId === launchId);
  if (acknowledgedLaunchId === launchId) return "confirmed";
  if (has("crash")) return "crashed";
  if (has("timeout")) return "timed-out";
  return has("bg") ? "ended-neutral" : "ended-unknown";
}

// packages/lifecycle/src/intent-record.ts
var stageField = {
  parse: (text2) => text2 === "" || text2 === "embedded" || isSha256Hex(text2) ? text2 : void 0,
  format: (value) => value === "" || value === "embedded" || isSha256Hex(value) ? value : void 0
};
var flagField = {
  parse: (text2) => text2 === "1" ? true : text2 === "0" ? false : void 0,
  format: (value) => value ? "1" : "0"
};
var SHAPE2 = {
  magic: "OTAI",
  version: 1,
  fields: [
    { key: "seq", property: "sequence", type: integerField },
    { key: "rid", property: "requestId", type: integerField },
    { key: "stage", property: "stage", type: stageField },
    { key: "vc", property: "versionCode", type: integerField },
    { key: "bin", property: "binaryId", type: binaryIdField },
    { key: "dir", property: "directive", type: flagField },
    { key: "tok", property: "retryToken", type: integerField },
    { key: "ack", property: "acknowledgedLaunchId", type: integerField }
  ]
};
var INTENT_SLOTS = ["intent.0", "intent.1"];
var EMPTY_INTENT = {
  sequence: 0,
  requestId: 0,
  stage: "",
  versionCode: 0,
  binaryId: "",
  directive: false,
  retryToken: 0,
  acknowledgedLaunchId: 0
};
function encodeIntentRecord(record2, hashHex) {
  return encodeTextRecord(SHAPE2, record2, hashHex);
}
function safeParseIntentRecord(bytes, hashHex) {
  return readTextRecord(SHAPE2, bytes, hashHex);
}

// packages/lifecycle/src/marker.ts
function markerName({ kind, launchId }) {
  return `${kind}.${launchId}`;
}
function parseMarkerName(name) {
  const match = /^(crash|timeout|bg)\.([1-9][0-9]*)$/.exec(name);
  if (match === null) return void 0;
  const launchId = integerField.parse(match[2]);
  return launchId === void 0 ? void 0 : { kind: match[1], launchId };
}

// packages/lifecycle/src/slots.ts
function selectSlot([
  first,
  second
]) {
  const a = first.kind === "record" ? first.record : void 0;
  const b = second.kind === "record" ? second.record : void 0;
  if (a !== void 0 && (b === void 0 || a.sequence > b.sequence)) return { record: a, writeSlot: 1 };
  return b === void 0 ? { writeSlot: 0 } : { record: b, writeSlot: 0 };
}

// packages/lifecycle/src/decide-boot.ts
function decideBoot(input) {
  const { boot, intent, markers, binaryId, embeddedVersionCode } = input;
  if (!input.lockAcquired) return embeddedReadOnly("other-process");
  if (markers === "locked" || [...boot, ...intent].some(({ kind }) => kind === "locked")) {
    return embeddedReadOnly("locked");
  }
  if (boot.some(({ kind }) => kind === "newer")) return embeddedReadOnly("newer-schema");
  const reasons = [];
  const stored = selectSlot(boot);
  const wanted = selectSlot(intent).record ?? EMPTY_INTENT;
  const draft = { ...stored.record ?? emptyBootRecord(binaryId, embeddedVersionCode) };
  if (stored.record === void 0) {
    draft.sequence = Math.max(wanted.acknowledgedLaunchId, ...markers.map(({ launchId }) => launchId), 0);
    if (boot.some(({ kind }) => kind === "corrupt")) {
      draft.requestId = wanted.requestId;
      reasons.push({ code: "both-slots-corrupt" });
    }
  }
  if (draft.sequence >= Number.MAX_SAFE_INTEGER) return embeddedReadOnly("sequence-exhausted");
  if (draft.binaryId !== binaryId) {
    const { sequence, requestId } = draft;
    Object.assign(draft, emptyBootRecord(binaryId, embeddedVersionCode), { requestId, sequence });
    reasons.push({ code: "binary-changed" });
  }
  draft.highestVersionCode = Math.max(draft.highestVersionCode, embeddedVersionCode);
  settleLaunch(draft, wanted, markers, reasons);
  consumeRequest(draft, wanted, input, reasons);
  while (draft.currentSha256Hex !== "" && !input.isIntact(draft.currentSha256Hex)) {
    reasons.push({ code: "bundle-damaged", sha256Hex: draft.currentSha256Hex });
    const spotless = draft.crashes === 0 && draft.unknowns === 0 && draft.neutrals === 0;
    if (draft.currentState === "H" || spotless) draft.lostSha256Hex = draft.currentSha256Hex;
    leaveCurrent(draft);
  }
  draft.sequence += 1;
  draft.launchId = draft.currentSha256Hex === "" ? 0 : draft.sequence;
  draft.launchSha256Hex = draft.currentSha256Hex;
  return {
    deletes: markers.map(markerName),
    launch: launchOf(draft, draft.launchId),
    reasons,
    write: { record: draft, slot: BOOT_SLOTS[stored.writeSlot] }
  };
}
function decideWithoutWrite(input, decision) {
  const reasons = [...decision.reasons, { code: "write-failed" }];
  const draft = { ...decision.write?.record ?? emptyBootRecord("", 0) };
  if (draft.currentState === "P") leaveCurrent(draft);
  while (draft.currentSha256Hex !== "" && !input.isIntact(draft.currentSha256Hex)) leaveCurrent(draft);
  return { deletes: [], launch: launchOf(draft, 0), reasons };
}
function embeddedReadOnly(code) {
  return { deletes: [], launch: { kind: "embedded" }, reasons: [{ code }] };
}
function settleLaunch(draft, wanted, markers, reasons) {
  const { launchId, currentSha256Hex } = draft;
  if (launchId === 0 || currentSha256Hex === "" || draft.launchSha256Hex !== currentSha256Hex) return;
  const exit = classifyExit(launchId, wanted.acknowledgedLaunchId, markers);
  const healthy = draft.currentState === "H";
  reasons.push({ code: exit, sha256Hex: currentSha256Hex });
  if (exit === "confirmed") {
    clearCounters(draft);
    if (healthy) return;
    draft.currentState = "H";
    if (draft.goodSha256Hex !== "" && draft.goodSha256Hex !== currentSha256Hex) {
      draft.previousSha256Hex = draft.goodSha256Hex;
      draft.previousVersionCode = draft.goodVersionCode;
    }
    draft.goodSha256Hex = currentSha256Hex;
    draft.goodVersionCode = draft.currentVersionCode;
    return;
  }
  if (exit === "crashed" || exit === "timed-out") draft.crashes += 1;
  else if (healthy) return;
  else if (exit === "ended-neutral") draft.neutrals += 1;
  else draft.unknowns += 1;
  const used = healthy ? draft.crashes >= BUDGETS.healthyCrashes : draft.crashes >= BUDGETS.pendingCrashes || draft.unknowns >= BUDGETS.pendingUnknowns || draft.neutrals >= BUDGETS.pendingNeutrals;
  if (!used) return;
  reasons.push({ code: "failed", sha256Hex: currentSha256Hex });
  remember(draft, {
    cause: draft.crashes > 0 ? "crash" : "unknown",
    retryToken: draft.currentRetryToken,
    sha256Hex: currentSha256Hex,
    versionCode: draft.currentVersionCode
  });
  leaveCurrent(draft);
}
function remember(draft, bundle) {
  const failed = draft.failed.filter(({ sha256Hex: sha256Hex2 }) => sha256Hex2 !== bundle.sha256Hex);
  failed.push(bundle);
  if (failed.length > FAILED_MAX_ENTRIES) {
    let lowest2 = 0;
    for (let i2 = 1; i2 < failed.length; i2++) {
      if (failed[i2].versionCode < failed[lowest2].versionCode) lowest2 = i2;
    }
    const [evicted] = failed.splice(lowest2, 1);
    draft.rejectUpTo = Math.max(draft.rejectUpTo, evicted.versionCode);
  }
  draft.failed = failed;
}
function consumeRequest(draft, wanted, input, reasons) {
  if (wanted.requestId <= draft.requestId) return;
  draft.requestId = wanted.requestId;
  const { stage, versionCode, directive } = wanted;
  if (stage === "") return;
  if (stage === "embedded") {
    if (!directive) {
      reasons.push({ code: "refused-directive" });
      return;
    }
    reasons.push({ code: "directive" });
    keepEvidence(draft);
    setCurrent(draft, "", 0, "");
    setGood(draft, "", 0);
    setPrevious(draft, "", 0);
    return;
  }
  if (stage === draft.currentSha256Hex) {
    if (wanted.binaryId !== input.binaryId || versionCode <= draft.highestVersionCode) return;
    if (stage === draft.goodSha256Hex) draft.goodVersionCode = versionCode;
    draft.currentVersionCode = versionCode;
    draft.highestVersionCode = versionCode;
    reasons.push({ code: "renumbered", sha256Hex: stage });
    return;
  }
  const failure = draft.failed.find(({ sha256Hex: sha256Hex2 }) => sha256Hex2 === stage);
  const retry = failure !== void 0 && failure.cause === "unknown" && wanted.retryToken > failure.retryToken && versionCode >= draft.highestVersionCode;
  const reinstall = stage === draft.lostSha256Hex;
  const wasGood = stage === draft.goodSha256Hex || stage === draft.previousSha256Hex;
  const refusal2 = (() => {
    if (wanted.binaryId !== input.binaryId) return "refused-binary";
    if (failure !== void 0 && !retry) return "refused-failed";
    if (!directive && !retry && !reinstall && versionCode <= draft.highestVersionCode)
      return "refused-version";
    if (versionCode <= draft.rejectUpTo && !retry && !reinstall && !wasGood) return "refused-version";
    return input.isIntact(stage) ? void 0 : "refused-damaged";
  })();
  if (refusal2 !== void 0) {
    reasons.push({ code: refusal2, sha256Hex: stage });
    return;
  }
  const accepted = directive ? "directive" : retry ? "retried" : reinstall ? "reinstalled" : "staged";
  reasons.push({ code: accepted, sha256Hex: stage });
  if (directive) forgetRevoked(draft, stage, versionCode);
  if (retry) draft.failed = draft.failed.filter(({ sha256Hex: sha256Hex2 }) => sha256Hex2 !== stage);
  keepEvidence(draft);
  setCurrent(draft, stage, versionCode, wasGood ? "H" : "P");
  if (wasGood && stage !== draft.goodSha256Hex) {
    setPrevious(draft, draft.goodSha256Hex, draft.goodVersionCode);
    setGood(draft, stage, versionCode);
  }
  draft.currentRetryToken = wanted.retryToken;
  draft.lostSha256Hex = "";
  draft.highestVersionCode = Math.max(draft.highestVersionCode, versionCode);
}
function keepEvidence(draft) {
  if (draft.currentState !== "P" || draft.crashes + draft.unknowns === 0) return;
  remember(draft, {
    cause: draft.crashes > 0 ? "crash" : "unknown",
    retryToken: draft.currentRetryToken,
    sha256Hex: draft.currentSha256Hex,
    versionCode: draft.currentVersionCode
  });
}
function forgetRevoked(draft, target2, targetVersionCode) {
  const revoked = (sha256Hex2, versionCode) => sha256Hex2 !== target2 && (sha256Hex2 === draft.currentSha256Hex || versionCode > targetVersionCode);
  if (revoked(draft.previousSha256Hex, draft.previousVersionCode)) setPrevious(draft, "", 0);
  if (revoked(draft.goodSha256Hex, draft.goodVersionCode)) {
    setGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
    setPrevious(draft, "", 0);
  }
}
function leaveCurrent(draft) {
  const left = draft.currentSha256Hex;
  const unusable2 = (hash2) => hash2 === left || draft.failed.some(({ sha256Hex: sha256Hex2 }) => sha256Hex2 === hash2);
  if (unusable2(draft.previousSha256Hex)) setPrevious(draft, "", 0);
  if (draft.goodSha256Hex === "" || unusable2(draft.goodSha256Hex)) {
    setGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
    setPrevious(draft, "", 0);
  }
  setCurrent(draft, draft.goodSha256Hex, draft.goodVersionCode, draft.goodSha256Hex === "" ? "" : "H");
}
function setCurrent(draft, sha256Hex2, versionCode, state) {
  draft.currentSha256Hex = sha256Hex2;
  draft.currentVersionCode = versionCode;
  draft.currentState = state;
  draft.currentRetryToken = 0;
  clearCounters(draft);
}
function setGood(draft, sha256Hex2, versionCode) {
  draft.goodSha256Hex = sha256Hex2;
  draft.goodVersionCode = versionCode;
}
function setPrevious(draft, sha256Hex2, versionCode) {
  draft.previousSha256Hex = sha256Hex2;
  draft.previousVersionCode = versionCode;
}
function clearCounters(draft) {
  draft.crashes = 0;
  draft.unknowns = 0;
  draft.neutrals = 0;
}
function launchOf(record2, launchId) {
  if (record2.currentSha256Hex === "") return { kind: "embedded" };
  return {
    kind: "bundle",
    pending: record2.currentState === "P",
    sha256Hex: record2.currentSha256Hex,
    versionCode: record2.currentVersionCode,
    ...launchId === 0 ? {} : { launchId }
  };
}

// packages/lifecycle/src/request.ts
function stageIntent(intent, consumedRequestId, request) {
  return {
    ...intent,
    binaryId: request.binaryId,
    directive: request.directive,
    requestId: Math.max(intent.requestId, consumedRequestId) + 1,
    retryToken: request.retryToken,
    sequence: intent.sequence + 1,
    stage: request.stage,
    versionCode: request.versionCode
  };
}
function acknowledgeIntent(intent, launchId) {
  if (launchId <= intent.acknowledgedLaunchId) return intent;
  return { ...intent, acknowledgedLaunchId: launchId, sequence: intent.sequence + 1 };
}

// packages/lifecycle/src/run-boot.ts
function runBoot(files, environment) {
  try {
    const input = readBootInput(files, environment);
    const decision = decideBoot(input);
    if (decision.write === void 0) return decision;
    try {
      files.writeDurable(decision.write.slot, encodeBootRecord(decision.write.record, environment.hashHex));
    } catch {
      return decideWithoutWrite(input, decision);
    }
    removeAll(files, decision.deletes);
    return decision;
  } catch {
    return { deletes: [], launch: { kind: "embedded" }, reasons: [{ code: "host-error" }] };
  }
}
function readBootInput(files, environment) {
  const { binaryId, embeddedVersionCode, isIntact, lockAcquired, hashHex } = environment;
  return {
    binaryId,
    boot: readSlots(files, BOOT_SLOTS, (bytes) => safeParseBootRecord(bytes, hashHex)),
    embeddedVersionCode,
    intent: readSlots(files, INTENT_SLOTS, (bytes) => safeParseIntentRecord(bytes, hashHex)),
    isIntact,
    lockAcquired,
    markers: readMarkers(files)
  };
}
function readSlots(files, [first, second], parse) {
  const read2 = (name) => {
    const found = files.read(name);
    return typeof found === "string" ? { kind: found } : parse(found);
  };
  return [read2(first), read2(second)];
}
function readMarkers(files) {
  const names = files.list();
  if (names === "locked") return "locked";
  const markers = [];
  for (const name of names) {
    const marker = parseMarkerName(name);
    if (marker !== void 0) markers.push(marker);
  }
  return markers;
}
function removeAll(files, names) {
  for (const name of names) {
    try {
      files.remove(name);
    } catch {
    }
  }
}

// packages/client-react-native/src/native/create-fake-native.ts
function createFakeNative(options2 = {}) {
  const {
    binaryVersion = "1.0.0",
    embeddedVersionCode = 1,
    embedded,
    runtimeVersion = "",
    serve: serve2 = () => ({ status: 404 })
  } = options2;
  const files = /* @__PURE__ */ new Map();
  const records = /* @__PURE__ */ new Map();
  const markers = /* @__PURE__ */ new Set();
  const listeners = /* @__PURE__ */ new Set();
  const cancelled = /* @__PURE__ */ new Set();
  let restarts = 0;
  let isOffline = false;
  let boot;
  const bytesOf = (path2) => {
    const bytes = files.get(path2);
    if (bytes === void 0) throw new Error(`ENOENT: ${path2}`);
    return bytes;
  };
  const below = (path2) => Array.from(files.keys()).filter((name) => name === path2 || name.startsWith(`${path2}/`));
  const join2 = (a, b) => {
    const out = new Uint8Array(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
  };
  const network = options2.http ?? serveHttp(serve2);
  const http = {
    get: async (request) => {
      if (isOffline) throw new Error("The Internet connection appears to be offline.");
      return network.get(request);
    }
  };
  const inside = (path2) => {
    if (path2.split("/").some((segment) => segment === "" || segment === "." || segment === ".."))
      throw new Error(`${JSON.stringify(path2)} is no relative path`);
    return path2;
  };
  const recordFiles = {
    list: () => Array.from(markers),
    read: (name) => records.get(name) ?? "absent",
    remove: (name) => {
      markers.delete(name);
    },
    writeDurable: (name, bytes) => {
      records.set(name, bytes);
    }
  };
  const slot = (name) => {
    const bytes = records.get(name);
    return bytes === void 0 ? { kind: "absent" } : safeParseBootRecord(bytes);
  };
  const start = () => {
    const { launch, reasons } = runBoot(recordFiles, {
      binaryId: binaryVersion,
      embeddedVersionCode,
      isIntact: (hash2) => {
        const bytes = files.get(`bundles/${hash2}/launch.bundle`);
        return bytes !== void 0 && sha256Hex(bytes) === hash2;
      },
      lockAcquired: true
    });
    const { record: record2 } = selectSlot([slot(BOOT_SLOTS[0]), slot(BOOT_SLOTS[1])]);
    boot = {
      binaryId: binaryVersion,
      consumedRequestId: record2?.requestId ?? 0,
      failed: record2?.failed ?? [],
      highestVersionCode: Math.max(
        record2?.highestVersionCode ?? 0,
        record2?.rejectUpTo ?? 0,
        embeddedVersionCode
      ),
      keep: [record2?.currentSha256Hex, record2?.goodSha256Hex, record2?.previousSha256Hex].filter(
        (hash2) => hash2 !== void 0 && hash2 !== ""
      ),
      pending: launch.kind === "bundle" && launch.pending,
      reasons,
      running: launch.kind === "bundle" ? launch.sha256Hex : "embedded",
      versionCode: launch.kind === "bundle" ? launch.versionCode : embeddedVersionCode,
      ...launch.kind === "bundle" && launch.launchId !== void 0 ? { launchId: launch.launchId } : {}
    };
    return boot;
  };
  boot = start();
  const end = (kind) => {
    if (boot.launchId !== void 0) markers.add(markerName({ kind, launchId: boot.launchId }));
  };
  return {
    appendFile: async (path2, bytes) => {
      files.set(inside(path2), join2(files.get(path2) ?? new Uint8Array(0), base64urlToBytes(bytes)));
    },
    cancelDownload: (id) => {
      cancelled.add(id);
    },
    copyEmbeddedAsset: async () => false,
    download: async (id, url, pairs, path2, offset, maxSizeBytes, idleTimeoutMs) => {
      const headers = {};
      for (let i2 = 0; i2 + 1 < pairs.length; i2 += 2) headers[pairs[i2]] = pairs[i2 + 1];
      let isTaken = false;
      const {
        status,
        headers: answered,
        body
      } = await http.get({
        headers,
        idleTimeoutMs,
        maxSizeBytes,
        onChunk: async (chunk) => {
          if (cancelled.has(id)) throw new Error("cancelled");
          if (!isTaken) return;
          const grown = join2(files.get(path2) ?? new Uint8Array(0), chunk);
          if (grown.length > maxSizeBytes) throw new Error(`more than ${maxSizeBytes} bytes`);
          files.set(path2, grown);
          for (const listener of Array.from(listeners)) listener({ id, sizeBytes: grown.length });
          await Promise.resolve();
        },
        onHead: (head) => {
          isTaken = head.status === 200 || head.status === 206;
          if (!isTaken) return;
          const kept = head.status === 206 ? (files.get(path2) ?? new Uint8Array(0)).slice(0, offset) : void 0;
          files.set(inside(path2), kept ?? new Uint8Array(0));
        },
        url
      });
      if (body.length > 0) throw new Error("a transport gave a body that it should have handed on");
      const out = [String(status)];
      for (const name of Object.keys(answered)) out.push(name, answered[name]);
      return out;
    },
    embeddedSize: async () => embedded?.length ?? -1,
    end,
    files,
    getConstants: () => ({
      binaryVersion,
      boot: JSON.stringify(boot),
      embeddedVersionCode,
      installationId: "fake-installation",
      runtimeVersion
    }),
    http,
    link: async (from, to) => {
      files.set(inside(to), bytesOf(from));
    },
    list: async (path2) => [
      ...new Set(
        below(inside(path2)).filter((name) => name !== path2).map((name) => name.slice(path2.length + 1).split("/")[0])
      )
    ],
    onDownload: (listener) => {
      listeners.add(listener);
      return {
        remove: () => {
          listeners.delete(listener);
        }
      };
    },
    // Not unpredictable, and nothing in a test should depend on it.
    randomBytes: (length) => bytesToBase64url(Uint8Array.from({ length }, (_, i2) => i2 * 37 + restarts & 255)),
    readBoot: async () => JSON.stringify(boot),
    readEmbedded: async (offset, length) => bytesToBase64url((embedded ?? new Uint8Array(0)).subarray(offset, offset + length)),
    readPart: async (path2, offset, length) => bytesToBase64url(bytesOf(path2).subarray(offset, offset + length)),
    readRecord: async (name) => {
      const bytes = records.get(name);
      return bytes === void 0 ? null : bytesToBase64url(bytes);
    },
    remove: async (path2) => {
      for (const name of below(inside(path2))) files.delete(name);
    },
    rename: async (from, to) => {
      if (below(inside(to)).length > 0) throw new Error(`EEXIST: ${to}`);
      if (below(inside(from)).length === 0) throw new Error(`ENOENT: ${from}`);
      for (const name of below(from)) {
        files.set(to + name.slice(from.length), bytesOf(name));
        files.delete(name);
      }
    },
    restart: async () => {
      restarts++;
      end("bg");
    },
    get restarts() {
      return restarts;
    },
    setOffline: (next2) => {
      isOffline = next2;
    },
    sha256File: async (path2) => {
      const bytes = files.get(inside(path2));
      return bytes === void 0 ? null : sha256Hex(bytes);
    },
    sizeOf: async (path2) => files.get(inside(path2))?.length ?? -1,
    start,
    writeFile: async (path2, bytes) => {
      files.set(inside(path2), base64urlToBytes(bytes));
    },
    writeRecord: async (name, bytes) => {
      records.set(name, base64urlToBytes(bytes));
    }
  };
}
function serveHttp(serve2) {
  return {
    get: async ({ url, headers, onHead, onChunk }) => {
      const answer = await serve2(url, headers);
      const { status, headers: answered = {}, body = new Uint8Array(0) } = answer;
      const head = { headers: answered, status };
      await onHead?.(head);
      for (let at = 0; at < body.length; at += 65536) await onChunk?.(body.slice(at, at + 65536));
      return { ...head, body: onChunk === void 0 ? body : new Uint8Array(0) };
    }
  };
}

// packages/client/src/error.ts
function clientError(code, message, options2 = {}) {
  return new OtaError(code, message, options2);
}

// packages/client/src/http/with-retry.ts
var DEFAULT_NETWORK = {
  attempts: 4,
  idleTimeoutMs: 2e4,
  minBytesPerSecond: 256,
  slowAfterMs: 6e4
};
var MAX_RETRY_AFTER_MS = 864e5;
var LONGEST_WAIT_MS = 6e4;
async function withRetry({ timer, random, clock }, policy, options2, emit, once) {
  for (let attempt = 1; ; attempt++) {
    let failure;
    let waitMs = 0;
    try {
      if (options2.signal?.aborted === true) throw clientError("ERR_CLIENT_ABORTED", "Stopped by the caller");
      const response = await once();
      if (options2.accept.includes(response.status)) return response;
      failure = statusError(options2.url, response.status);
      waitMs = parseRetryAfterMs(response.headers["retry-after"], clock.nowMs());
    } catch (error) {
      failure = isOtaError(error) ? error : clientError("ERR_CLIENT_NETWORK", `No answer from ${options2.url}`, {
        cause: error,
        retryable: true
      });
    }
    if (waitMs > LONGEST_WAIT_MS) {
      throw clientError(
        "ERR_CLIENT_HTTP_STATUS",
        `${options2.url} asks to come back in ${Math.ceil(waitMs / 1e3)} s`,
        {
          details: { retryAfterMs: waitMs },
          retryable: true
        }
      );
    }
    if (options2.gotOn?.() === true) attempt = 1;
    const retryable = isOtaError(failure) && failure.retryable;
    if (!retryable || attempt >= policy.attempts || options2.signal?.aborted === true) throw failure;
    const jitter = (random.bytes(1)[0] + 1) / 256;
    waitMs = Math.max(waitMs, jitter * Math.min(3e4, 500 * 2 ** attempt));
    emit({ attempt, code: isOtaError(failure) ? failure.code : "", type: "retry", url: options2.url, waitMs });
    await timer.sleep(waitMs);
  }
}
function refuseRedirect(url, { status }) {
  if (status < 300 || status >= 400 || status === 304) return;
  throw clientError("ERR_CLIENT_REDIRECT", `${url} redirects (${status}); addresses here are final`, {
    details: { status }
  });
}
function createRateCheck(url, policy, timer) {
  const startedMs = timer.monotonicMs();
  return (receivedBytes) => {
    const elapsedMs = timer.monotonicMs() - startedMs;
    if (elapsedMs <= policy.slowAfterMs || receivedBytes >= policy.minBytesPerSecond * elapsedMs / 1e3)
      return;
    throw clientError(
      "ERR_CLIENT_SLOW",
      `${url} sends less than ${policy.minBytesPerSecond} bytes per second`,
      {
        retryable: true
      }
    );
  };
}
function statusError(url, status) {
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  return clientError("ERR_CLIENT_HTTP_STATUS", `${url} answered ${status}`, {
    details: { status },
    retryable
  });
}
function parseRetryAfterMs(header, nowMs) {
  if (header === void 0) return 0;
  const text2 = header.trim();
  const ms = /^[0-9]{1,9}$/.test(text2) ? Number(text2) * 1e3 : Date.parse(text2) - nowMs;
  return Number.isNaN(ms) || ms <= 0 ? 0 : Math.min(ms, MAX_RETRY_AFTER_MS);
}

// packages/client/src/http/fetch-with-retry.ts
function fetchWithRetry(ports, policy, options2, emit) {
  return withRetry(ports, policy, options2, emit, () => fetchOnce(ports, policy, options2));
}
async function fetchOnce({ http, timer }, policy, options2) {
  const checkRate = createRateCheck(options2.url, policy, timer);
  let received = 0;
  const chunks = [];
  let accepted = false;
  const response = await http.get({
    headers: options2.headers?.() ?? {},
    idleTimeoutMs: policy.idleTimeoutMs,
    maxSizeBytes: options2.maxSizeBytes,
    onChunk: async (chunk) => {
      if (options2.signal?.aborted === true) throw clientError("ERR_CLIENT_ABORTED", "Stopped by the caller");
      received += chunk.length;
      if (received > options2.maxSizeBytes) {
        throw clientError(
          "ERR_CLIENT_TOO_LARGE",
          `${options2.url} sends more than ${options2.maxSizeBytes} bytes`
        );
      }
      checkRate(received);
      if (!accepted) return;
      if (options2.onChunk === void 0) chunks.push(chunk.slice());
      else await options2.onChunk(chunk);
    },
    onHead: async (head) => {
      refuseRedirect(options2.url, head);
      accepted = options2.accept.includes(head.status);
      if (accepted) await options2.onHead?.(head);
    },
    url: options2.url,
    ...options2.signal === void 0 ? {} : { signal: options2.signal }
  });
  return { ...response, body: join(chunks) };
}
function join(chunks) {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

// packages/client/src/context.ts
function fetchKey(context, key, options2) {
  return fetchWithRetry(
    context.ports,
    context.network,
    { ...options2, url: context.baseUrl + key },
    (event) => context.emit(event)
  );
}
function readBoot(context) {
  return context.ports.boot.read();
}

// packages/client/src/installed.ts
function bundleFolder(launchSha256Hex) {
  return `bundles/${launchSha256Hex}`;
}
var LAUNCH_FILE = "launch.bundle";
var MANIFEST_FILE = "manifest.cbor";
async function readInstalled(files, launchSha256Hex) {
  const payload = await files.read(`${bundleFolder(launchSha256Hex)}/${MANIFEST_FILE}`);
  if (payload === void 0) return void 0;
  try {
    return parseManifest(payload);
  } catch (error) {
    if (isOtaError(error)) return void 0;
    throw error;
  }
}

// packages/client/src/records/sealed-slots.ts
var MAGIC3 = "OTAT1\n";
function sealedSlots(records, name, isValid2) {
  const newest = async () => {
    const [a, b] = [open(await records.read(`${name}.0`)), open(await records.read(`${name}.1`))];
    if (a === void 0 && b === void 0) return void 0;
    return b === void 0 || a !== void 0 && a.sequence > b.sequence ? { ...a, slot: 0 } : { ...b, slot: 1 };
  };
  const open = (bytes) => {
    if (bytes === void 0) return void 0;
    try {
      const text2 = bytesToUtf8(bytes);
      const seal = text2.lastIndexOf("sha256=");
      const head = text2.slice(0, seal);
      if (!text2.startsWith(MAGIC3) || text2.slice(seal) !== `sha256=${sha256Hex(utf8ToBytes(head))}
`)
        return void 0;
      const parsed = JSON.parse(head.slice(MAGIC3.length));
      if (!Number.isSafeInteger(parsed.sequence) || !isValid2(parsed.value)) return void 0;
      return parsed;
    } catch {
      return void 0;
    }
  };
  return {
    read: async () => (await newest())?.value,
    write: async (value) => {
      const last = await newest();
      const head = `${MAGIC3}${JSON.stringify({ sequence: (last?.sequence ?? 0) + 1, value })}
`;
      await records.write(
        `${name}.${last?.slot === 0 ? 1 : 0}`,
        utf8ToBytes(`${head}sha256=${sha256Hex(utf8ToBytes(head))}
`)
      );
    }
  };
}

// packages/client/src/trust-state.ts
var EMPTY4 = { patchTried: [], roots: [], seen: {} };
function scopeId({ project, app, platform: platform2, channel: channel2 }) {
  return `${project}/${app}/${platform2}/${channel2}`;
}
function createTrustState(records, trust, project, algorithms) {
  const slots = sealedSlots(records, "trust", isRecord);
  const shipped = "root" in trust ? openInitialRoot(trust.root, algorithms) : rootFromKeys(project, trust.keys, algorithms);
  const step = (root, envelope) => verifyRootStep(root, envelope, algorithms);
  return {
    load: async () => {
      const record2 = await slots.read() ?? EMPTY4;
      let root = shipped;
      let kept = 0;
      try {
        for (const text2 of record2.roots) {
          root = step(root, base64urlToBytes(text2));
          kept++;
        }
      } catch {
        return { record: { ...record2, roots: record2.roots.slice(0, kept) }, root };
      }
      return { record: record2, root };
    },
    save: (record2) => slots.write(record2),
    step
  };
}
async function refreshRoot(state, nowSeconds, fetchRoot) {
  let { record: record2, root } = await state.load();
  for (let steps = 0; steps < LIMITS.rootSteps; steps++) {
    const envelope = await fetchRoot(rootKey(root.version + 1));
    if (envelope === void 0) break;
    root = state.step(root, envelope);
    record2 = { ...record2, roots: [...record2.roots, bytesToBase64url(envelope)] };
    await state.save(record2);
  }
  checkRootExpiry(root, nowSeconds);
  return { record: record2, root };
}
function isRecord(value) {
  if (typeof value !== "object" || value === null) return false;
  const { roots, seen, patchTried } = value;
  return Array.isArray(roots) && Array.isArray(patchTried) && typeof seen === "object" && seen !== null;
}

// packages/client/src/trusted-now.ts
function trustedNowSeconds({
  ports,
  buildTimeSeconds
}, root, seen) {
  const proved = seen !== void 0 && seen.epoch >= root.version ? seen.issuedAtSeconds : 0;
  return Math.max(Math.floor(ports.clock.nowMs() / 1e3), buildTimeSeconds, root.issuedAtSeconds, proved);
}

// packages/client/src/check-for-update.ts
var CACHE_PATH = "index.cose";
async function checkForUpdate(context) {
  const { ports, scope, trust } = context;
  const id = scopeId(scope);
  let { record: record2, root } = await trust.load();
  const askRoots = async () => {
    try {
      ({ record: record2, root } = await refreshRoot(trust, trustedNowSeconds(context, root), async (key) => {
        const answer2 = await fetchKey(context, key, {
          accept: [200, 403, 404],
          maxSizeBytes: LIMITS.rootSizeBytes + LIMITS.envelopeOverheadBytes
        });
        return answer2.status === 200 ? answer2.body : void 0;
      }));
    } catch (error) {
      throw refusal(context, "root", error);
    }
  };
  if (!context.trustIsKeys || record2.roots.length > 0) await askRoots();
  const cached = await readCached(context, root, record2.seen[id]);
  const etag = cached === void 0 ? void 0 : record2.seen[id]?.etag;
  const answer = await fetchKey(context, indexKey(scope), {
    accept: etag === void 0 ? [200] : [200, 304],
    headers: () => etag === void 0 ? {} : { "if-none-match": etag },
    maxSizeBytes: LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes
  });
  let index;
  let seen;
  const notModified = answer.status === 304;
  if (notModified && cached !== void 0) {
    index = cached;
    seen = record2.seen[id];
  } else {
    let opened = openIndex2(root, answer.body, context);
    const isAhead = isOtaError(opened) ? opened.code === "ERR_COSE_KEY_UNKNOWN" : opened.document.epoch > root.version;
    if (isAhead && context.trustIsKeys) {
      await askRoots();
      opened = openIndex2(root, answer.body, context);
    }
    if (isOtaError(opened)) throw refusal(context, "index", opened);
    try {
      checkEpoch(opened.document, root);
    } catch (error) {
      throw refusal(context, "index", error);
    }
    index = opened.document;
    seen = {
      epoch: index.epoch,
      issuedAtSeconds: index.issuedAtSeconds,
      payloadSha256Hex: sha256Hex(opened.payload),
      sequence: index.sequence,
      ...answer.headers["etag"] === void 0 ? {} : { etag: answer.headers["etag"] }
    };
    try {
      checkOrder(seen, record2.seen[id]);
    } catch (error) {
      throw refusal(context, "index", error);
    }
  }
  const now = Math.max(trustedNowSeconds(context, root, record2.seen[id]), index.issuedAtSeconds);
  if (now >= index.expiresAtSeconds) {
    throw refusal(
      context,
      "index",
      clientError(
        "ERR_CLIENT_INDEX_EXPIRED",
        `The channel index expired at ${index.expiresAtSeconds}, it is ${now}; what runs goes on running`,
        {
          details: { expiresAtSeconds: index.expiresAtSeconds, now }
        }
      )
    );
  }
  if (!notModified) {
    await ports.files.write(CACHE_PATH, answer.body);
    await trust.save({ ...record2, seen: { ...record2.seen, [id]: seen } });
  }
  const decision = decide(index, await deviceFacts(context, root), now);
  context.emit({ action: decision.action, notModified, reasons: decision.reasons, type: "check" });
  return { decision, index, notModified, root, seen };
}
async function deviceFacts(context, root) {
  const boot = await readBoot(context);
  const installed = boot.running === "embedded" ? void 0 : await readInstalled(context.ports.files, boot.running);
  const retryTokens = {};
  for (const { sha256Hex: hash2, cause, retryToken } of boot.failed)
    if (cause === "unknown") retryTokens[hash2] = retryToken;
  return {
    ...context.scope,
    ...context.device,
    currentVersionCode: boot.versionCode,
    embeddedVersionCode: context.ports.embedded.versionCode,
    failedSha256Hex: boot.failed.map(({ sha256Hex: hash2 }) => hash2),
    highestVersionCode: boot.highestVersionCode,
    retryTokens,
    revokedReleaseIds: root.revokedReleaseIds,
    ...installed === void 0 ? {} : { currentReleaseId: installed.releaseId }
  };
}
async function readCached(context, root, seen) {
  if (seen?.etag === void 0) return void 0;
  const envelope = await context.ports.files.read(CACHE_PATH);
  if (envelope === void 0) return void 0;
  const opened = openIndex2(root, envelope, context);
  return isOtaError(opened) || sha256Hex(opened.payload) !== seen.payloadSha256Hex ? void 0 : opened.document;
}
function openIndex2(root, envelope, { scope }) {
  try {
    return verifyChannelIndex(envelope, { keys: keysForRole(root, "index", scope.channel), scope });
  } catch (error) {
    if (isOtaError(error)) return error;
    throw error;
  }
}
function checkOrder(next2, last) {
  if (last === void 0) return;
  const older = next2.epoch < last.epoch || next2.epoch === last.epoch && next2.sequence < last.sequence;
  if (older) {
    throw clientError(
      "ERR_CLIENT_ROLLBACK_ATTACK",
      `Index ${next2.epoch}.${next2.sequence} is older than ${last.epoch}.${last.sequence}, which this device has seen`,
      {
        details: { last, next: next2 }
      }
    );
  }
  if (next2.epoch === last.epoch && next2.sequence === last.sequence && next2.payloadSha256Hex !== last.payloadSha256Hex) {
    throw clientError(
      "ERR_CLIENT_EQUIVOCATION",
      `There are two different indexes ${next2.epoch}.${next2.sequence}`,
      { details: { last, next: next2 } }
    );
  }
}
function refusal(context, what, error) {
  if (isOtaError(error)) context.emit({ code: error.code, message: error.message, type: "refused", what });
  return error;
}

// packages/client/src/object/part.ts
var GOT_ON_BYTES = 32768;
function partPath(sha256Hex2) {
  return `tmp/${sha256Hex2}.part`;
}
function tagPath(sha256Hex2) {
  return `tmp/${sha256Hex2}.etag`;
}
async function openPart(files, { sha256Hex: hash2 }) {
  const path2 = partPath(hash2);
  const have = await files.sizeOf(path2) ?? 0;
  const noted = have === 0 ? void 0 : await files.read(tagPath(hash2));
  let tag = noted === void 0 ? void 0 : bytesToUtf8(noted);
  let best = have;
  const part2 = {
    gotOn: () => {
      if (part2.have - best < GOT_ON_BYTES) return false;
      best = part2.have;
      return true;
    },
    have,
    headers: () => part2.have === 0 ? {} : { range: `bytes=${part2.have}-`, ...tag === void 0 ? {} : { "if-range": tag } },
    path: path2,
    takeHead: async ({ status, headers }) => {
      const answered = headers["etag"];
      if (status === 206) {
        const start = /^bytes ([0-9]+)-/.exec(headers["content-range"] ?? "")?.[1];
        const isOther = tag !== void 0 && answered !== void 0 && answered !== tag;
        if (Number(start) === part2.have && !isOther) return;
        await files.remove(path2);
        part2.have = 0;
        tag = void 0;
        throw isOther ? clientError("ERR_CLIENT_NETWORK", `Object ${hash2} changed while it was being fetched`, {
          retryable: true
        }) : clientError(
          "ERR_CLIENT_HTTP_STATUS",
          `The server sent another part of ${hash2} than was asked for`,
          { details: { start } }
        );
      }
      part2.have = 0;
      tag = headers["content-encoding"] === void 0 && answered?.startsWith('"') === true ? answered : void 0;
      if (tag === void 0) await files.remove(tagPath(hash2));
      else await files.write(tagPath(hash2), utf8ToBytes(tag));
    }
  };
  return part2;
}
async function removePart(files, sha256Hex2) {
  await files.remove(partPath(sha256Hex2));
  await files.remove(tagPath(sha256Hex2));
}

// packages/client/src/object/receive.ts
async function receiveChunks(context, object, part2, counter, signal) {
  const { files } = context.ports;
  await fetchKey(context, objectKey(object.sha256Hex), {
    ...retryOptions(part2, signal),
    headers: part2.headers,
    maxSizeBytes: object.sizeBytes,
    onChunk: async (chunk) => {
      await files.append(part2.path, chunk);
      part2.have += chunk.length;
      counter.add(chunk.length);
      checkSize(object, part2.have);
    },
    onHead: async (head) => {
      if (head.status === 200 && part2.have > 0) await files.remove(part2.path);
      await part2.takeHead(head);
    }
  });
}
async function receiveIntoFile(context, downloads, object, part2, counter, signal) {
  const { network, ports } = context;
  const url = context.baseUrl + objectKey(object.sha256Hex);
  const once = async () => {
    const checkRate = createRateCheck(url, network, ports.timer);
    const offset = part2.have;
    let received = 0;
    let slow;
    const grownTo = (sizeBytes) => {
      const came = sizeBytes < part2.have ? sizeBytes : sizeBytes - part2.have;
      part2.have = sizeBytes;
      received += came;
      if (came > 0) counter.add(came);
      try {
        checkRate(received);
      } catch (error) {
        slow = error;
      }
    };
    const measure = async () => grownTo(await ports.files.sizeOf(part2.path) ?? 0);
    let head;
    try {
      head = await downloads.toFile({
        headers: part2.headers(),
        idleTimeoutMs: network.idleTimeoutMs,
        maxSizeBytes: object.sizeBytes,
        offset,
        onProgress: grownTo,
        path: part2.path,
        signal: {
          get aborted() {
            return slow !== void 0 || signal?.aborted === true;
          }
        },
        url
      });
    } catch (error) {
      await measure();
      if (signal?.aborted === true) throw clientError("ERR_CLIENT_ABORTED", "Stopped by the caller");
      throw slow ?? error;
    }
    refuseRedirect(url, head);
    if (head.status !== 200 && head.status !== 206) return head;
    await measure();
    const size = part2.have;
    part2.have = offset;
    await part2.takeHead(head);
    part2.have = size;
    checkSize(object, size);
    return head;
  };
  await withRetry(ports, network, { ...retryOptions(part2, signal), url }, context.emit, once);
}
function retryOptions(part2, signal) {
  return { accept: [200, 206], gotOn: part2.gotOn, ...signal === void 0 ? {} : { signal } };
}
function checkSize({ sha256Hex: hash2, sizeBytes }, have) {
  if (have <= sizeBytes) return;
  throw clientError("ERR_CLIENT_TOO_LARGE", `Object ${hash2} is longer than the signed ${sizeBytes} bytes`);
}

// packages/client/src/object/download-object.ts
function objectPath(sha256Hex2) {
  return `objects/${sha256Hex2}`;
}
async function downloadObject(context, object, counter, signal) {
  const { files, downloads } = context.ports;
  const { sha256Hex: hash2, sizeBytes } = object;
  const path2 = partPath(hash2);
  for (let fresh = false; ; fresh = true) {
    if (fresh) await removePart(files, hash2);
    const part2 = await openPart(files, object);
    const resumed = part2.have;
    if (resumed > sizeBytes) continue;
    if (sizeBytes === 0) await files.write(path2, new Uint8Array(0));
    else if (resumed < sizeBytes) {
      if (downloads === void 0) await receiveChunks(context, object, part2, counter, signal);
      else await receiveIntoFile(context, downloads, object, part2, counter, signal);
    }
    if (await files.sizeOf(path2) === sizeBytes && await files.sha256File(path2) === hash2) {
      await files.remove(objectPath(hash2));
      await files.rename(path2, objectPath(hash2));
      await removePart(files, hash2);
      return;
    }
    if (fresh || resumed === 0) {
      await removePart(files, hash2);
      throw refusal(
        context,
        "object",
        clientError("ERR_CLIENT_HASH", `Object ${hash2} came with other bytes than its name promises`, {
          details: { sha256Hex: hash2 }
        })
      );
    }
  }
}

// packages/client/src/download-release.ts
async function downloadRelease(context, root, release, decoder2, options2) {
  const { files, timer } = context.ports;
  const startedMs = timer.monotonicMs();
  const {
    manifest,
    payload,
    receivedBytes: manifestBytes
  } = await fetchManifest(context, root, release, options2.signal);
  const entries = [manifest.launch, ...manifest.assets];
  const fullBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const folder = bundleFolder(release.launchSha256Hex);
  const present = await readInstalled(files, release.launchSha256Hex);
  if (present !== void 0) {
    if (present.releaseId !== manifest.releaseId) {
      throw clientError(
        "ERR_CLIENT_STATE",
        `Releases ${present.releaseId} and ${manifest.releaseId} have the same launch file; publish them with different ones`
      );
    }
    return { fullBytes, how: "present", manifest, receivedBytes: manifestBytes, release };
  }
  const progress = createProgress(options2);
  const missing = await missingEntries(context, entries);
  progress.expect(missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  let how = missing.length === 0 ? "present" : "full";
  const launchMissing = missing.find(({ sha256Hex: hash2 }) => hash2 === manifest.launch.sha256Hex);
  if (launchMissing !== void 0 && await tryPatch(context, release, manifest, decoder2, progress, options2.signal)) {
    how = "patch";
    missing.splice(missing.indexOf(launchMissing), 1);
  }
  await inParallel2(
    missing,
    context.maxParallelDownloads,
    (entry) => downloadObject(context, entry, progress, options2.signal)
  );
  await assemble2(context, manifest, payload, folder);
  for (const { sha256Hex: hash2 } of entries) await files.remove(objectPath(hash2));
  const receivedBytes = progress.received() + manifestBytes;
  context.emit({
    durationMs: Math.round(timer.monotonicMs() - startedMs),
    files: entries.length,
    how,
    receivedBytes,
    releaseId: manifest.releaseId,
    reusedFiles: entries.length - missing.length,
    type: "download"
  });
  return { fullBytes, how, manifest, receivedBytes, release };
}
async function fetchManifest(context, root, release, signal) {
  const { sha256Hex: hash2, sizeBytes } = release.manifest;
  const { body } = await fetchKey(context, manifestKey(hash2), {
    accept: [200],
    maxSizeBytes: sizeBytes,
    ...signal === void 0 ? {} : { signal }
  });
  try {
    if (body.length !== sizeBytes || sha256Hex(body) !== hash2) {
      throw clientError(
        "ERR_CLIENT_HASH",
        `The manifest of ${release.releaseId} has other bytes than the index names`,
        { details: { sha256Hex: hash2 } }
      );
    }
    const { document, payload } = verifyManifest(body, {
      keys: keysForRole(root, "release"),
      scope: context.scope
    });
    const agree = document.releaseId === release.releaseId && document.versionCode === release.versionCode && document.launch.sha256Hex === release.launchSha256Hex && document.runtimeVersion === release.runtimeVersion && document.binaryVersion === release.binaryVersion;
    if (!agree)
      throw clientError(
        "ERR_CLIENT_MANIFEST_MISMATCH",
        `Manifest and index disagree on release ${release.releaseId}`
      );
    return { manifest: document, payload, receivedBytes: body.length };
  } catch (error) {
    throw refusal(context, "manifest", error);
  }
}
async function missingEntries(context, entries) {
  const { files } = context.ports;
  const local = /* @__PURE__ */ new Map();
  for (const launch of await files.list("bundles")) {
    const manifest = await readInstalled(files, launch);
    if (manifest === void 0) continue;
    local.set(manifest.launch.sha256Hex, `${bundleFolder(launch)}/${LAUNCH_FILE}`);
    for (const { path: path2, sha256Hex: hash2 } of manifest.assets)
      local.set(hash2, `${bundleFolder(launch)}/${path2}`);
  }
  const missing = [];
  const seen = /* @__PURE__ */ new Set();
  for (const entry of entries) {
    const { sha256Hex: hash2 } = entry;
    if (seen.has(hash2)) continue;
    seen.add(hash2);
    if (await files.sha256File(objectPath(hash2)) === hash2) continue;
    const elsewhere = local.get(hash2);
    if (elsewhere !== void 0 && await files.sha256File(elsewhere) === hash2) {
      await files.remove(objectPath(hash2));
      await files.link(elsewhere, objectPath(hash2));
      continue;
    }
    if (await copyEmbedded(context, hash2)) continue;
    missing.push(entry);
  }
  return missing;
}
async function copyEmbedded({ ports: { embedded, files } }, hash2) {
  if (embedded.copyAsset === void 0) return false;
  await files.remove(objectPath(hash2));
  if (!await embedded.copyAsset(hash2, objectPath(hash2))) return false;
  if (await files.sha256File(objectPath(hash2)) === hash2) return true;
  await files.remove(objectPath(hash2));
  return false;
}
async function tryPatch(context, release, manifest, decoder2, progress, signal) {
  const { files, embedded } = context.ports;
  const target2 = manifest.launch;
  const fallback = async (reason, error) => {
    context.emit({
      reason,
      releaseId: release.releaseId,
      type: "patch-fallback",
      ...isOtaError(error) ? { code: error.code } : {}
    });
    if (reason !== "tried-before") {
      const { record: record3 } = await context.trust.load();
      await context.trust.save({
        ...record3,
        patchTried: [...record3.patchTried.slice(-31), release.releaseId]
      });
    }
    return false;
  };
  if (decoder2 === void 0 || release.patches.length === 0) return false;
  const { record: record2 } = await context.trust.load();
  if (record2.patchTried.includes(release.releaseId)) return fallback("tried-before");
  const boot = await readBoot(context);
  const base = boot.running === "embedded" ? await embedded.read() : await files.read(`${bundleFolder(boot.running)}/${LAUNCH_FILE}`);
  if (base === void 0) return fallback("base-missing");
  const baseHash = sha256Hex(base);
  const candidates = release.patches.filter(({ baseSha256Hex }) => baseSha256Hex === baseHash);
  if (candidates.length === 0) return false;
  const patch = candidates.find(({ format }) => decoder2.formats.includes(format));
  if (patch === void 0) return fallback("format-unknown");
  if (patch.sizeBytes >= target2.sizeBytes) return false;
  let bytes;
  try {
    progress.replace(target2.sizeBytes, patch.sizeBytes);
    const key = patchKey(patch.baseSha256Hex, target2.sha256Hex, patch.format);
    const answer = await fetchKey(context, key, {
      accept: [200],
      maxSizeBytes: patch.sizeBytes,
      ...signal === void 0 ? {} : { signal }
    });
    bytes = answer.body;
    progress.add(bytes.length);
  } catch (error) {
    if (isOtaError(error, "ERR_CLIENT_ABORTED")) throw error;
    progress.replace(patch.sizeBytes, target2.sizeBytes);
    if (isOtaError(error) && error.retryable) throw error;
    return fallback("fetch-failed", error);
  }
  try {
    if (bytes.length !== patch.sizeBytes || sha256Hex(bytes) !== patch.sha256Hex) {
      throw clientError("ERR_CLIENT_HASH", "The patch has other bytes than the index names");
    }
  } catch (error) {
    progress.replace(0, target2.sizeBytes);
    refusal(context, "patch", error);
    return fallback("patch-damaged", error);
  }
  try {
    const made2 = await decoder2.apply(base, bytes, {
      baseSha256Hex: baseHash,
      targetSha256Hex: target2.sha256Hex,
      pause: () => context.ports.timer.sleep(0),
      targetSizeBytes: target2.sizeBytes,
      ...signal === void 0 ? {} : { signal }
    });
    if (made2.length !== target2.sizeBytes || sha256Hex(made2) !== target2.sha256Hex) {
      throw clientError("ERR_CLIENT_HASH", "The patch made another file than the manifest names");
    }
    await files.write(objectPath(target2.sha256Hex), made2);
  } catch (error) {
    if (signal?.aborted === true) throw clientError("ERR_CLIENT_ABORTED", "Stopped by the caller");
    progress.replace(0, target2.sizeBytes);
    return fallback("apply-failed", error);
  }
  context.emit({
    format: patch.format,
    fullSizeBytes: target2.sizeBytes,
    patchSizeBytes: patch.sizeBytes,
    releaseId: release.releaseId,
    type: "patch-hit"
  });
  return true;
}
async function assemble2(context, manifest, payload, folder) {
  const { files } = context.ports;
  const building = `tmp/${manifest.launch.sha256Hex}.release`;
  await files.remove(building);
  await files.link(objectPath(manifest.launch.sha256Hex), `${building}/${LAUNCH_FILE}`);
  for (const { path: path2, sha256Hex: hash2 } of manifest.assets) {
    if (path2 === LAUNCH_FILE || path2 === MANIFEST_FILE) {
      throw clientError(
        "ERR_CLIENT_STATE",
        `An asset may not be called ${path2}; the client keeps its own file under that name`
      );
    }
    await files.link(objectPath(hash2), `${building}/${path2}`);
  }
  await files.write(`${building}/${MANIFEST_FILE}`, payload);
  await files.remove(folder);
  await files.rename(building, folder);
}
function createProgress({ onProgress }) {
  let total = 0;
  let received = 0;
  let shown = 0;
  const report = () => {
    shown = Math.max(shown, Math.min(received, total));
    onProgress?.({ receivedBytes: shown, totalBytes: Math.max(total, shown) });
  };
  return {
    add: (bytes) => {
      received += bytes;
      report();
    },
    expect: (bytes) => {
      total = bytes;
      report();
    },
    received: () => received,
    replace: (before, after) => {
      total += after - before;
    }
  };
}
async function inParallel2(items, width, work) {
  let next2 = 0;
  let failure;
  const run = async () => {
    while (next2 < items.length && failure === void 0) {
      try {
        await work(items[next2++]);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, run));
  if (failure !== void 0) throw failure.error;
}

// packages/client/src/foreground-clock.ts
function createForegroundClock(timer) {
  let isForeground = true;
  let sinceMs = timer.monotonicMs();
  let spentMs = 0;
  let backgroundMs = 0;
  const sinceChange = () => Math.max(0, timer.monotonicMs() - sinceMs);
  const foregroundMs = () => spentMs + (isForeground ? sinceChange() : 0);
  return {
    backgroundMs: () => isForeground ? backgroundMs : sinceChange(),
    foregroundMs,
    isForeground: () => isForeground,
    set: (next2) => {
      if (next2 === isForeground) return;
      if (next2) backgroundMs = sinceChange();
      else spentMs += sinceChange();
      isForeground = next2;
      sinceMs = timer.monotonicMs();
    },
    wait: async (ms) => {
      const untilMs = foregroundMs() + ms;
      for (let restMs = ms; restMs > 0; restMs = untilMs - foregroundMs()) {
        await timer.sleep(isForeground ? restMs : Math.max(restMs, 1e3), { unref: true });
      }
    }
  };
}

// packages/client/src/health.ts
var PENDING_TIMEOUT_MS = 6e5;
var BAD_ENDS = ["crashed", "timed-out", "ended-neutral", "ended-unknown"];
function createHealth({ boot, files }, intents, foreground, emit) {
  let isConfirmed = false;
  const releaseIdOf = async (running) => running === "embedded" ? void 0 : (await readInstalled(files, running))?.releaseId;
  const markHealthy = async () => {
    const { launchId, running, versionCode } = await boot.read();
    if (launchId === void 0) return;
    isConfirmed = true;
    if (!await intents.acknowledge(launchId)) return;
    const releaseId2 = await releaseIdOf(running);
    emit({ launchId, type: "healthy", versionCode, ...releaseId2 === void 0 ? {} : { releaseId: releaseId2 } });
  };
  const watch = async (launchId, { pendingTimeoutMs = PENDING_TIMEOUT_MS, confirmAfterMs }) => {
    if (confirmAfterMs !== void 0) {
      await foreground.wait(confirmAfterMs);
      await markHealthy();
      return;
    }
    if (boot.markTimeout === void 0) return;
    await foreground.wait(pendingTimeoutMs);
    if (isConfirmed) return;
    emit({ launchId, type: "timed-out" });
    await boot.markTimeout(launchId);
    await boot.restart();
  };
  return {
    ensureHealthyOrRollback: async (options2 = {}) => {
      const snapshot = await boot.read();
      const releaseId2 = await releaseIdOf(snapshot.running);
      const rolledBack = [];
      for (const one of readRollbacks(snapshot)) {
        const leftId = await releaseIdOf(one.sha256Hex);
        const left = { ...one, ...leftId === void 0 ? {} : { releaseId: leftId } };
        rolledBack.push(left);
        emit({ ...left, type: "rolled-back" });
      }
      const { launchId, pending, running, versionCode } = snapshot;
      const named = releaseId2 === void 0 ? {} : { releaseId: releaseId2 };
      emit({ pending, running, type: "launch", versionCode, ...named });
      if (pending && launchId !== void 0) watch(launchId, options2).catch(() => void 0);
      return {
        rolledBack,
        state: running === "embedded" ? "embedded" : pending ? "on-probation" : "healthy",
        versionCode,
        ...named
      };
    },
    markHealthy
  };
}
function readRollbacks({ reasons = [] }) {
  const left = [];
  for (const { code, sha256Hex: sha256Hex2 } of reasons) {
    if (code !== "failed" || sha256Hex2 === void 0) continue;
    const exits = reasons.filter(
      (reason) => reason.sha256Hex === sha256Hex2 && BAD_ENDS.includes(reason.code)
    );
    left.push({ cause: exits[exits.length - 1]?.code ?? "ended-unknown", sha256Hex: sha256Hex2 });
  }
  return left;
}

// packages/client/src/intent-store.ts
var STORES = /* @__PURE__ */ new WeakMap();
function intentStoreOf(records) {
  let store = STORES.get(records);
  if (store === void 0) STORES.set(records, store = createIntentStore(records));
  return store;
}
function createIntentStore(records) {
  const readSlot = async (name) => {
    const bytes = await records.read(name);
    return bytes === void 0 ? { kind: "absent" } : safeParseIntentRecord(bytes);
  };
  const load = async () => {
    const { record: record2, writeSlot } = selectSlot([
      await readSlot(INTENT_SLOTS[0]),
      await readSlot(INTENT_SLOTS[1])
    ]);
    return { freeSlot: INTENT_SLOTS[writeSlot], record: record2 ?? EMPTY_INTENT };
  };
  let last = Promise.resolve();
  const change = (work) => {
    const run = last.then(async () => {
      const { record: record2, freeSlot } = await load();
      const next2 = work(record2);
      if (next2 === record2) return false;
      await records.write(freeSlot, encodeIntentRecord(next2));
      return true;
    });
    last = run.catch(() => void 0);
    return run;
  };
  return {
    acknowledge: (launchId) => change((record2) => acknowledgeIntent(record2, launchId)),
    read: async () => (await load()).record,
    stage: async (consumedRequestId, request) => {
      await change((record2) => stageIntent(record2, consumedRequestId, request));
    }
  };
}

// packages/client/src/restart-control.ts
function createRestartControl(restart, foreground) {
  let waiting;
  let locks = 0;
  let isDue = false;
  const go = async () => {
    if (locks > 0) {
      isDue = true;
      return;
    }
    isDue = false;
    waiting = void 0;
    await restart();
  };
  return {
    lock: () => {
      let isHeld = true;
      locks++;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        locks--;
        if (locks === 0 && isDue) go().catch(() => void 0);
      };
    },
    restart: async ({ onlyIfStaged = false } = {}) => {
      if (!onlyIfStaged || waiting !== void 0) await go();
    },
    resumed: async () => {
      if (waiting?.mode !== "on-next-resume") return;
      if (foreground.backgroundMs() >= waiting.minimumBackgroundMs) await go();
    },
    staged: async (mode, minimumBackgroundMs) => {
      waiting = { minimumBackgroundMs, mode };
      if (mode === "immediate") await go();
    }
  };
}

// packages/client/src/clean-up.ts
async function cleanUp({ ports: { boot, files } }, intents) {
  const snapshot = await boot.read();
  const { stage } = await intents.read();
  const keep = /* @__PURE__ */ new Set([...snapshot.keep, snapshot.running, stage]);
  for (const name of await files.list("bundles")) if (!keep.has(name)) await files.remove(bundleFolder(name));
  for (const folder of ["tmp", "objects"])
    for (const name of await files.list(folder)) await files.remove(`${folder}/${name}`);
}

// packages/client/src/url.ts
var SHAPE3 = /^(https?):\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::([0-9]{1,5}))?(\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)$/;
var LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;
function checkBaseUrl(baseUrl, policy) {
  const base = baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`;
  const match = SHAPE3.exec(base);
  if (match === null || base.includes("/../") || base.includes("/./")) {
    throw clientError("ERR_CLIENT_URL", `${baseUrl} is no plain https:// address`, {
      details: { url: baseUrl }
    });
  }
  const [, scheme, host = ""] = match;
  if (scheme !== "https" && !(policy.allowInsecureLoopback && LOOPBACK.test(host))) {
    throw clientError("ERR_CLIENT_URL", `${baseUrl} is not https`, { details: { url: baseUrl } });
  }
  return base;
}

// packages/client/src/client.ts
function createClient(options2) {
  const { ports, scope, device } = options2;
  const listeners = /* @__PURE__ */ new Set();
  const context = {
    baseUrl: checkBaseUrl(options2.baseUrl, { allowInsecureLoopback: options2.allowInsecureLoopback ?? false }),
    buildTimeSeconds: options2.buildTimeSeconds ?? 0,
    device,
    // A listener that throws is its own problem, never the update's.
    emit: (event) => listeners.forEach((listener) => {
      try {
        listener(event);
      } catch {
      }
    }),
    maxParallelDownloads: options2.maxParallelDownloads ?? 4,
    network: { ...DEFAULT_NETWORK, ...options2.network },
    ports,
    scope,
    trust: createTrustState(ports.records, options2.trust, scope.project, options2.algorithms),
    trustIsKeys: "keys" in options2.trust
  };
  const intents = intentStoreOf(ports.records);
  const foreground = createForegroundClock(ports.timer);
  const health = createHealth(ports, intents, foreground, context.emit);
  const restarts = createRestartControl(async () => {
    context.emit({ type: "restart" });
    await ports.boot.restart();
  }, foreground);
  let running;
  const download = async (check2, downloadOptions = {}) => {
    const { decision, root } = check2;
    const release = decision.action === "update" ? decision.release : decision.action === "rollback" && decision.to !== "embedded" ? decision.to : void 0;
    if (release === void 0)
      throw clientError("ERR_CLIENT_STATE", "There is nothing to download; look at decision.action first");
    return downloadRelease(context, root, release, options2.patchDecoder, downloadOptions);
  };
  const apply = async ({ decision }, downloaded) => {
    const { binaryId, consumedRequestId } = await ports.boot.read();
    if (decision.action === "rollback" && decision.to === "embedded") {
      await intents.stage(consumedRequestId, {
        binaryId,
        directive: true,
        retryToken: 0,
        stage: "embedded",
        versionCode: ports.embedded.versionCode
      });
      return;
    }
    if (downloaded === void 0)
      throw clientError("ERR_CLIENT_STATE", "Download the release before applying it");
    const { release } = downloaded;
    await intents.stage(consumedRequestId, {
      binaryId,
      directive: decision.action === "rollback",
      retryToken: release.retryToken ?? 0,
      stage: release.launchSha256Hex,
      versionCode: release.versionCode
    });
    context.emit({ releaseId: release.releaseId, type: "staged", versionCode: release.versionCode });
  };
  const install = ({ isMandatory: isMandatory2 = false, ...options3 } = {}) => {
    const { install: usual = "on-next-restart", installMandatory = usual, minimumBackgroundMs = 0 } = options3;
    return restarts.staged(isMandatory2 ? installMandatory : usual, minimumBackgroundMs);
  };
  const checkAndApply = async (options3) => {
    const check2 = await checkForUpdate(context);
    const { decision } = check2;
    const reasons = decision.reasons.map(({ code }) => code);
    if (decision.action === "none") return { mandatory: false, reasons, updated: false };
    if (decision.action === "rollback" && decision.to === "embedded") {
      await apply(check2);
      await install({ ...options3, isMandatory: true });
      return { mandatory: true, reasons, updated: true, versionCode: ports.embedded.versionCode };
    }
    const downloaded = await download(check2, options3);
    await apply(check2, downloaded);
    const { fullBytes, how, receivedBytes, release } = downloaded;
    const mandatory = decision.action === "rollback" || release.mandatory;
    await install({ ...options3, isMandatory: mandatory });
    return {
      fullBytes,
      how,
      mandatory,
      reasons,
      receivedBytes,
      updated: true,
      versionCode: release.versionCode
    };
  };
  return {
    ...health,
    apply,
    checkAndApply: (updateOptions = {}) => {
      running ??= checkAndApply(updateOptions).finally(() => {
        running = void 0;
      });
      return running;
    },
    checkForUpdate: () => checkForUpdate(context),
    cleanUp: () => cleanUp(context, intents),
    download,
    install,
    explain: async ({ index, root }) => explain(index, await deviceFacts(context, root), Math.floor(ports.clock.nowMs() / 1e3)),
    lockRestart: restarts.lock,
    restart: restarts.restart,
    setForeground: (isForeground) => {
      if (isForeground === foreground.isForeground()) return;
      foreground.set(isForeground);
      if (isForeground) restarts.resumed().catch(() => void 0);
    },
    state: () => ports.boot.read(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    }
  };
}

// packages/client/src/delta.ts
var deltaDecoder = {
  apply: (base, patch, { pause, signal, targetSizeBytes }) => (
    // The client compares base and result with signed hashes itself, by the port's own SHA-256.
    applyPatch(base, patch, {
      checkHashes: false,
      maxTargetSizeBytes: targetSizeBytes,
      pause,
      ...signal === void 0 ? {} : { signal }
    })
  ),
  formats: APPLICABLE_FORMATS
};

// packages/client-react-native/src/native/native-downloads.ts
function nativeDownloads(native) {
  let lastId = 0;
  return {
    toFile: async ({ url, headers, path: path2, offset, maxSizeBytes, idleTimeoutMs, onProgress, signal }) => {
      const isStopped = () => signal?.aborted === true;
      if (isStopped()) throw stopped();
      const id = ++lastId;
      const subscription = native.onDownload((event) => {
        if (event.id !== id) return;
        onProgress?.(event.sizeBytes);
        if (isStopped()) native.cancelDownload(id);
      });
      const pairs = [];
      for (const name of Object.keys(headers)) pairs.push(name, headers[name]);
      let answer;
      try {
        answer = await native.download(id, url, pairs, path2, offset, maxSizeBytes, idleTimeoutMs);
      } catch (error) {
        throw isStopped() ? stopped() : clientError("ERR_CLIENT_NETWORK", `No whole answer from ${url}`, {
          cause: error,
          retryable: true
        });
      } finally {
        subscription.remove();
      }
      return toHead(url, answer);
    }
  };
}
function stopped() {
  return clientError("ERR_CLIENT_ABORTED", "Stopped by the caller");
}
function toHead(url, [status, ...pairs]) {
  const code = Number(status);
  if (!Number.isInteger(code) || pairs.length % 2 !== 0)
    throw clientError(
      "ERR_CLIENT_STATE",
      `The native module answered ${url} with something else than a head`
    );
  const headers = {};
  for (let i2 = 0; i2 < pairs.length; i2 += 2)
    headers[pairs[i2].toLowerCase()] = pairs[i2 + 1];
  return { headers, status: code };
}

// packages/client-react-native/src/native/native-ports.ts
var PART_BYTES = 262144;
function nativePorts({ native, http, timer, nowMs = Date.now }) {
  const readParts = async (sizeBytes, readPart) => {
    const bytes = new Uint8Array(sizeBytes);
    for (let at = 0; at < sizeBytes; ) {
      const part2 = base64urlToBytes(await readPart(at, Math.min(PART_BYTES, sizeBytes - at)));
      if (part2.length === 0)
        throw clientError("ERR_CLIENT_STORAGE", `A file ended after ${at} of ${sizeBytes} bytes`);
      bytes.set(part2, at);
      at += part2.length;
    }
    return bytes;
  };
  return {
    boot: {
      read: async () => JSON.parse(await native.readBoot()),
      restart: () => native.restart()
    },
    clock: { nowMs },
    downloads: nativeDownloads(native),
    embedded: {
      copyAsset: (sha256Hex2, path2) => native.copyEmbeddedAsset(sha256Hex2, path2),
      read: async () => {
        const sizeBytes = await native.embeddedSize();
        return sizeBytes < 0 ? void 0 : readParts(sizeBytes, (offset, length) => native.readEmbedded(offset, length));
      },
      versionCode: native.getConstants().embeddedVersionCode
    },
    files: {
      append: async (path2, bytes) => {
        for (let at = 0; at < bytes.length; at += PART_BYTES)
          await native.appendFile(path2, bytesToBase64url(bytes.subarray(at, at + PART_BYTES)));
      },
      link: (from, to) => native.link(from, to),
      list: (path2) => native.list(path2),
      read: async (path2) => {
        const sizeBytes = await native.sizeOf(path2);
        return sizeBytes < 0 ? void 0 : readParts(sizeBytes, (offset, length) => native.readPart(path2, offset, length));
      },
      remove: (path2) => native.remove(path2),
      rename: (from, to) => native.rename(from, to),
      sha256File: async (path2) => await native.sha256File(path2) ?? void 0,
      sizeOf: async (path2) => {
        const sizeBytes = await native.sizeOf(path2);
        return sizeBytes < 0 ? void 0 : sizeBytes;
      },
      write: async (path2, bytes) => {
        if (bytes.length <= PART_BYTES) {
          await native.writeFile(path2, bytesToBase64url(bytes));
          return;
        }
        const beside = `${path2}.part`;
        await native.writeFile(beside, bytesToBase64url(bytes.subarray(0, PART_BYTES)));
        for (let at = PART_BYTES; at < bytes.length; at += PART_BYTES)
          await native.appendFile(beside, bytesToBase64url(bytes.subarray(at, at + PART_BYTES)));
        await native.remove(path2);
        await native.rename(beside, path2);
      }
    },
    http,
    random: { bytes: (length) => base64urlToBytes(native.randomBytes(length)) },
    records: {
      read: async (name) => {
        const bytes = await native.readRecord(name);
        return bytes === null ? void 0 : base64urlToBytes(bytes);
      },
      write: (name, bytes) => native.writeRecord(name, bytesToBase64url(bytes))
    },
    timer
  };
}

// packages/client-react-native/src/ota-store.ts
function createOtaStore(initial) {
  let state = initial;
  const listeners = /* @__PURE__ */ new Set();
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    update: (change) => {
      state = { ...state, ...change };
      for (const listener of Array.from(listeners)) listener();
    }
  };
}

// packages/client-react-native/src/create-ota.ts
var CONFIRM_AFTER_MS = 45e3;
var CHECK_EVERY_MS = 9e5;
var LOG_LENGTH = 50;
function createOtaOn(platform2, options2) {
  const { native, timer } = platform2;
  const ports = nativePorts({ http: platform2.http, native, timer });
  const constants = native.getConstants();
  const boot = JSON.parse(constants.boot);
  const runtimeVersion = options2.runtimeVersion ?? constants.runtimeVersion;
  const patchDecoder = options2.patchDecoder === void 0 ? deltaDecoder : options2.patchDecoder;
  const client = createClient({
    baseUrl: options2.baseUrl,
    device: {
      binaryVersion: options2.binaryVersion ?? constants.binaryVersion,
      deviceId: options2.deviceId ?? constants.installationId,
      ...runtimeVersion === "" ? {} : { runtimeVersion },
      ...options2.attributes === void 0 ? {} : { attributes: options2.attributes }
    },
    ports,
    scope: {
      app: options2.app,
      channel: options2.channel,
      platform: platform2.platform,
      project: options2.project
    },
    trust: options2.trust,
    ...options2.buildTimeSeconds === void 0 ? {} : { buildTimeSeconds: options2.buildTimeSeconds },
    ...options2.network === void 0 ? {} : { network: options2.network },
    ...options2.maxParallelDownloads === void 0 ? {} : { maxParallelDownloads: options2.maxParallelDownloads },
    ...patchDecoder === null ? {} : { patchDecoder }
  });
  const store = createOtaStore({
    log: [],
    phase: { kind: "idle" },
    rolledBack: [],
    running: {
      bundle: boot.running,
      state: boot.running === "embedded" ? "embedded" : boot.pending ? "on-probation" : "healthy",
      versionCode: boot.versionCode
    }
  });
  const show = (phase) => {
    store.update({ phase });
    return phase;
  };
  const showError = (error) => show(
    isOtaError(error) ? { code: error.code, kind: "error", message: error.message, retryable: error.retryable } : { code: "ERR_UNKNOWN", kind: "error", message: String(error), retryable: false }
  );
  client.subscribe((event) => {
    const { log, running } = store.getState();
    store.update({ log: [...log, { atMs: ports.clock.nowMs(), event }].slice(-LOG_LENGTH) });
    if (event.type === "healthy") store.update({ running: { ...running, state: "healthy" } });
    if (event.type === "restart") show({ kind: "restarting" });
  });
  let signal = { aborted: false };
  let busy;
  const oneAtATime = (work) => {
    busy ??= work().catch(showError).finally(() => {
      busy = void 0;
    });
    return busy;
  };
  const look = async () => {
    if (store.getState().phase.kind !== "ready") show({ kind: "checking" });
    const check3 = await client.checkForUpdate();
    store.update({ lastCheckMs: ports.clock.nowMs() });
    return check3;
  };
  const upToDate = ({ decision }) => {
    const { phase } = store.getState();
    return phase.kind === "ready" ? phase : show({ kind: "up-to-date", reasons: decision.reasons.map(({ code }) => code) });
  };
  const check2 = async () => {
    const result = await look();
    const release = offered(result, ports.embedded.versionCode);
    if (release === void 0) return upToDate(result);
    const { phase } = store.getState();
    return phase.kind === "ready" && phase.release.versionCode === release.versionCode ? phase : show({ kind: "available", release });
  };
  const update = async () => {
    const result = await look();
    const release = offered(result, ports.embedded.versionCode);
    if (release === void 0) return upToDate(result);
    const { phase } = store.getState();
    if (phase.kind === "ready" && phase.release.versionCode === release.versionCode) return phase;
    signal = { aborted: false };
    const stopped2 = signal;
    if (release.releaseId === void 0) await client.apply(result);
    else {
      show({ kind: "downloading", progress: { receivedBytes: 0, totalBytes: 0 }, release });
      const downloaded = await client.download(result, {
        onProgress: (progress) => show({ kind: "downloading", progress, release }),
        signal: stopped2
      });
      await client.apply(result, downloaded);
    }
    show({ kind: "ready", release });
    await client.install({ isMandatory: release.mandatory, ...options2 });
    return store.getState().phase;
  };
  const ends = [];
  let started;
  const checkEveryMs = options2.checkEveryMs ?? CHECK_EVERY_MS;
  const start = async () => {
    const health = options2.health ?? { confirmAfterMs: CONFIRM_AFTER_MS };
    const report = await client.ensureHealthyOrRollback(health === "manual" ? {} : health);
    const { running } = store.getState();
    store.update({
      rolledBack: report.rolledBack,
      running: {
        ...running,
        state: report.state,
        ...report.releaseId === void 0 ? {} : { releaseId: report.releaseId }
      }
    });
    const end = platform2.onForeground?.((isForeground) => {
      client.setForeground(isForeground);
      const { lastCheckMs = 0 } = store.getState();
      if (isForeground && checkEveryMs !== false && ports.clock.nowMs() - lastCheckMs >= checkEveryMs)
        void oneAtATime(update);
    });
    if (end !== void 0) ends.push(end);
    if (checkEveryMs !== false) await oneAtATime(update);
  };
  return {
    cancel: () => {
      signal.aborted = true;
    },
    check: () => oneAtATime(check2),
    client,
    getState: store.getState,
    lockRestart: client.lockRestart,
    markHealthy: () => client.markHealthy(),
    restart: () => client.restart(),
    start: () => started ??= start(),
    stop: () => {
      for (const end of ends.splice(0)) end();
    },
    subscribe: store.subscribe,
    update: () => oneAtATime(update)
  };
}
function offered({ decision }, embeddedVersionCode) {
  if (decision.action === "none") return void 0;
  if (decision.action === "rollback" && decision.to === "embedded")
    return { mandatory: true, versionCode: embeddedVersionCode };
  const release = decision.action === "rollback" ? decision.to : decision.release;
  if (release === "embedded") return void 0;
  return {
    mandatory: decision.action === "rollback" || release.mandatory,
    releaseId: release.releaseId,
    version: release.version,
    versionCode: release.versionCode
  };
}

// packages/client-react-native/src/platform/engine-timer.ts
function engineTimer({ setTimeout: setTimeout2, performance }) {
  return {
    monotonicMs: performance === void 0 ? Date.now : () => performance.now(),
    sleep: (ms) => new Promise((resolve) => {
      setTimeout2(resolve, ms);
    })
  };
}

// packages/client-react-native/test/suite/channel.ts
var BASE_URL = "https://cdn.example/ota/";
var EMBEDDED = program("1.0.0");
function program(version) {
  const lines = Array.from({ length: 200 }, (_, i2) => `function f${i2}(a){return a*${i2 * 7919 % 1e3};}`);
  return new TextEncoder().encode(`${lines.join("\n")}
print(${JSON.stringify(version)});
`);
}
async function createChannel() {
  const pair = generateKeyPair();
  const signer = createLocalSigner(pair.privateKeyPem);
  const trust = { keys: [pair.publicKeyPem] };
  const storage = memoryStorage();
  const handle = createStaticHandler(storage);
  const publisher = createPublisher({
    clock: { nowMs: Date.now },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    scope: { app: "cafe", channel: "production", platform: "android", project: "acme" },
    signers: { index: signer, release: signer },
    storage,
    trust
  });
  const listeners = /* @__PURE__ */ new Set();
  const channel2 = {
    meddle: () => void 0,
    native: createFakeNative({
      embedded: EMBEDDED,
      runtimeVersion: "1",
      serve: async (url, headers) => {
        const changed = channel2.meddle(url);
        if (changed !== void 0) return changed;
        const response = await handle(
          new Request(`http://localhost/${url.slice(BASE_URL.length)}`, { headers })
        );
        return {
          body: new Uint8Array(await response.arrayBuffer()),
          headers: Object.fromEntries(response.headers),
          status: response.status
        };
      }
    }),
    ota: (options2 = {}) => createOtaOn(
      {
        http: channel2.native.http,
        native: channel2.native,
        onForeground: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        platform: "android",
        timer: engineTimer(globalThis)
      },
      {
        app: "cafe",
        baseUrl: BASE_URL,
        channel: "production",
        checkEveryMs: false,
        health: "manual",
        network: { attempts: 1 },
        project: "acme",
        trust,
        ...options2
      }
    ),
    publish: async (version, change = {}) => {
      const { release } = await publisher.publish({
        allowPlainJs: true,
        assets: [],
        launch: { bytes: program(version), path: "main.js" },
        runtimeVersion: "1",
        version,
        ...change
      });
      return release;
    },
    publisher,
    setForeground: (isForeground) => {
      for (const listener of listeners) listener(isForeground);
    }
  };
  await channel2.publish("1.0.0");
  return channel2;
}

// packages/client-react-native/test/react/hooks.jest.ts
var channel;
beforeEach(async () => {
  channel = await createChannel();
});
var kindOf = ({ phase }) => phase.kind;
var renders = 0;
function Phase() {
  const kind = useOta(kindOf);
  (0, import_react5.useEffect)(() => {
    renders++;
  });
  return (0, import_react5.createElement)(import_react_native.Text, null, kind);
}
function textOf(tree) {
  return JSON.stringify(tree.toJSON());
}
async function settle(until) {
  for (let i2 = 0; i2 < 4e3 && !until(); i2++)
    await (0, import_react_test_renderer.act)(async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    });
}
describe("useOta", () => {
  it("shows the phase as it changes, and starts with the provider", async () => {
    await channel.publish("1.0.1");
    const ota = channel.ota({ checkEveryMs: 36e5 });
    let tree = void 0;
    await (0, import_react_test_renderer.act)(async () => {
      tree = (0, import_react_test_renderer.create)((0, import_react5.createElement)(OtaProvider, { ota }, (0, import_react5.createElement)(Phase)));
    });
    await settle(() => textOf(tree).includes("ready"));
    expect(textOf(tree).includes("ready")).toBe(true);
    await (0, import_react_test_renderer.act)(async () => tree.unmount());
  });
  it("renders again only when the selected part is another one", async () => {
    const ota = channel.ota();
    let tree = void 0;
    await (0, import_react_test_renderer.act)(async () => {
      tree = (0, import_react_test_renderer.create)((0, import_react5.createElement)(OtaProvider, { ota }, (0, import_react5.createElement)(Phase)));
    });
    renders = 0;
    await (0, import_react_test_renderer.act)(async () => {
      await ota.update();
    });
    expect(renders <= 2).toBe(true);
    expect(ota.getState().log.length).toBeGreaterThan(0);
    await (0, import_react_test_renderer.act)(async () => tree.unmount());
  });
  it("without a provider says what is missing", () => {
    function Lost() {
      useOtaActions();
      return (0, import_react5.createElement)(import_react_native.Text, null, "lost");
    }
    const quiet = console.error;
    console.error = () => void 0;
    try {
      expect(() => {
        void (0, import_react_test_renderer.act)(() => {
          (0, import_react_test_renderer.create)((0, import_react5.createElement)(Lost));
        });
      }).toThrow("OtaProvider");
    } finally {
      console.error = quiet;
    }
  });
});
describe("OtaGate", () => {
  const gate = (ota, timeoutMs) => (0, import_react5.createElement)(
    OtaProvider,
    { ota },
    (0, import_react5.createElement)(
      OtaGate,
      { fallback: ({ kind }) => (0, import_react5.createElement)(import_react_native.Text, null, `wait: ${kind}`), timeoutMs },
      (0, import_react5.createElement)(import_react_native.Text, null, "app")
    )
  );
  it("holds the app back for a mandatory update, and restarts when it has come", async () => {
    await channel.publish("1.0.1", { mandatory: true });
    const ota = channel.ota({ checkEveryMs: 36e5 });
    let tree = void 0;
    await (0, import_react_test_renderer.act)(async () => {
      tree = (0, import_react_test_renderer.create)(gate(ota, 1e4));
    });
    await settle(() => channel.native.restarts > 0);
    expect(channel.native.restarts).toBe(1);
    expect(textOf(tree).includes("wait: restarting")).toBe(true);
    await (0, import_react_test_renderer.act)(async () => tree.unmount());
  });
  it("shows the app for any other update, and after the timeout for a mandatory one that does not come", async () => {
    await channel.publish("1.0.1");
    const ota = channel.ota({ checkEveryMs: 36e5 });
    let tree = void 0;
    await (0, import_react_test_renderer.act)(async () => {
      tree = (0, import_react_test_renderer.create)(gate(ota, 1e4));
    });
    await settle(() => ota.getState().phase.kind === "ready");
    expect(textOf(tree).includes("app")).toBe(true);
    expect(channel.native.restarts).toBe(0);
    await (0, import_react_test_renderer.act)(async () => tree.unmount());
    await channel.publish("1.0.2", { mandatory: true });
    const slow = channel.ota();
    await (0, import_react_test_renderer.act)(async () => {
      tree = (0, import_react_test_renderer.create)(gate(slow, 2e3));
    });
    await (0, import_react_test_renderer.act)(async () => {
      await slow.check();
    });
    expect(textOf(tree).includes("wait: available")).toBe(true);
    await settle(() => textOf(tree).includes("app"));
    expect(textOf(tree).includes("app")).toBe(true);
    await (0, import_react_test_renderer.act)(async () => tree.unmount());
  });
});
it("the preset is React Native\u2019s own: AppState is its mock", () => {
  expect(typeof import_react_native.AppState.addEventListener).toBe("function");
});
/*! Bundled license information:

@noble/curves/utils.js:
@noble/curves/abstract/modular.js:
@noble/curves/abstract/curve.js:
@noble/curves/abstract/der.js:
@noble/curves/abstract/weierstrass.js:
@noble/curves/abstract/edwards.js:
@noble/curves/ed25519.js:
@noble/curves/nist.js:
  (*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) *)
*/
