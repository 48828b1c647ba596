import { useEffect } from 'react';

const CUP = 'assets/cup.png';

export function Favourites({ items, chosen, onToggle }) {
  // A first visit starts with the house's recommendation.
  useEffect(() => {
    if (chosen.length === 0) onToggle(recommendation(items).name);
    print(`kivyx:asset ${CUP}`);
  }, []);
  return (
    <box>
      <line>
        <image source={CUP} /> Your favourites: {chosen.length === 0 ? 'none yet' : chosen.join(', ')}
      </line>
    </box>
  );
}

function recommendation(items) {
  return items.filter((item) => item.tags.includes('house'))[0];
}
