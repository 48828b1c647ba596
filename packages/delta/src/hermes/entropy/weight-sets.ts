// Weight sets of `symbol`; 1 to 3 belong to the coder itself. Part of the format, like contexts.ts.

export const text = 8;
export const fix = 24;
export const literalTag = 28;
export const literalByte = 32;
export const stringRecent = 44;
export const stringId = 48;
export const opcode = 64;
export const register = 80;
export const newRegister = 96;
export const immediate = 100;
