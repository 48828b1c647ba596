import { useMemo } from 'react';

const price = (cents) => `${cents / 100} EUR`;

export function Menu({ items }) {
  const sorted = useMemo(() => items.slice().sort((a, b) => a.cents - b.cents), [items]);
  return (
    <box>
      {sorted.map((item) => (
        <line key={item.name}>
          {item.name}: {price(item.cents)}
        </line>
      ))}
    </box>
  );
}
