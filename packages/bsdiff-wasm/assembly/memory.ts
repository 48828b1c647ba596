// A bump allocator: a diff takes what it needs and everything is dropped at once when the next one starts.
let top: usize = __heap_base;

/** Drops everything. */
export function reset(): void {
  top = __heap_base;
}

/** Where the allocator stands; give it to `releaseTo` to drop what came after. */
export function mark(): usize {
  return top;
}

export function releaseTo(position: usize): void {
  top = position;
}

/** `size` bytes, aligned to 8. Traps when the machine has no more. */
export function alloc(size: usize): usize {
  const start = (top + 7) & ~7;
  top = start + size;
  const pages = ((top + 0xffff) >>> 16) as i32;
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return start;
}
