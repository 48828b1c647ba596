export const CAFE = {
  name: 'Corner Café',
  address: 'Harbour Street 7, open 7 to 19',
  menu: [
    { name: 'Flat white', cents: 390 },
    { name: 'Espresso', cents: 250 },
    { name: 'Ginger tea', cents: 310 },
    { name: 'Cinnamon bun', cents: 340 },
    { name: 'Cheese toast', cents: 620 },
  ],
};
