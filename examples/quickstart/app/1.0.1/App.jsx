import { useEffect, useState } from 'react';
import { Menu } from './Menu.jsx';
import { CAFE } from './menu-data.js';

export function App() {
  const [visits, setVisits] = useState(0);
  useEffect(() => setVisits((before) => before + 1), []);
  return (
    <screen>
      <line>{CAFE.name}, version 1.0.1</line>
      <line>{CAFE.address}</line>
      <Menu items={CAFE.menu} visits={visits} />
    </screen>
  );
}
