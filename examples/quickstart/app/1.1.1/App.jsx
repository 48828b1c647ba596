import { useEffect, useState } from 'react';
import { Favourites } from './Favourites.jsx';
import { Menu } from './Menu.jsx';
import { CAFE } from './menu-data.js';

export function App() {
  const [visits, setVisits] = useState(0);
  const [favourites, setFavourites] = useState([]);
  useEffect(() => setVisits((before) => before + 1), []);
  const toggle = (name) =>
    setFavourites((list) =>
      list.includes(name) ? list.filter((other) => other !== name) : list.concat(name),
    );
  return (
    <screen>
      <line>{CAFE.name}, version 1.1.1</line>
      <line>{CAFE.address}</line>
      <Menu items={CAFE.menu} visits={visits} />
      <Favourites items={CAFE.menu} chosen={favourites} onToggle={toggle} />
    </screen>
  );
}
