/** A product of the shop. */
export interface Product {
  readonly id: string;
  /** As JSON text, quotes included. */
  readonly name: string;
  readonly category: string;
  /** In cents. */
  readonly price: number;
}

const NAMES: readonly (readonly [category: string, name: string])[] = [
  ["Mugs", "Enamel Mug"],
  ["Mugs", "Tasse „Morgenmuffel“"],
  ["Mugs", "湯呑み 小"],
  ["Mugs", "Travel Cup 0.4 l"],
  ["Tea", "Earl Grey, loose"],
  ["Tea", "煎茶 100g"],
  ["Tea", "Çay – Rize Turist"],
  ["Tea", "شاي بالنعناع"],
  ["Tea", "Rooibos 🍊 Orange"],
  ["Coffee", 'Espresso "Notte"'],
  ["Coffee", "Filter Roast №7"],
  ["Coffee", "קפה שחור"],
  ["Coffee", "Decaf, really"],
  ["Kettles", "Gooseneck Kettle"],
  ["Kettles", "Kettle 1.7 l / 2200 W"],
  ["Kettles", "Bouilloire émaillée"],
  ["Teapots", "Cast-Iron Teapot 鉄瓶"],
  ["Teapots", "Glass Teapot"],
  ["Grinders", "Hand Grinder C40\\Pro"],
  ["Grinders", "Burr Set"],
  ["Sweets", "Shortbread 🧈"],
  ["Sweets", "Halva مع الفستق"],
  ["Sweets", "Dark Chocolate 85 %"],
  ["Gifts", "Gift Card"],
];

/** The shop's products; the first are viewed most. */
export const PRODUCTS: readonly Product[] = NAMES.map(([category, name], i) => ({
  id: `SKU-${String(1000 + i * 37)}`,
  name: JSON.stringify(name),
  category,
  price: i % 5 === 4 ? (8 + i) * 100 : 449 + ((i * 1327) % 9000),
}));

/** What people search for, as JSON texts. */
export const QUERIES: readonly string[] = [
  "earl grey",
  "mug",
  "茶",
  "גביע תה",
  "شاي أخضر",
  "gift under 20€",
  'kettle "gooseneck"',
  "☕️",
  "decaf\tcoffee",
  "100% arabica",
  "",
].map((query) => JSON.stringify(query));
