/** Where people live: what Amplitude would derive from their address and device. */
export interface Place {
  readonly weight: number;
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly dma: string | null;
  readonly language: string;
  /** Minutes east of UTC; summer time is left out. */
  readonly offset: number;
  readonly currency: string;
}

type Row = readonly [number, string, string, string, string | null, string, number, string];

const ROWS: readonly Row[] = [
  [12, "United States", "New York", "Brooklyn", "New York, NY", "English", -300, "USD"],
  [
    9,
    "United States",
    "California",
    "San José",
    "San Francisco-Oakland-San Jose, CA",
    "English",
    -480,
    "USD",
  ],
  [7, "United States", "Texas", "Austin", "Austin, TX", "Spanish", -360, "USD"],
  [5, "Canada", "Quebec", "Montréal", null, "French", -300, "CAD"],
  [9, "United Kingdom", "England", "Hemel Hempstead", null, "English", 0, "GBP"],
  [10, "Germany", "Bavaria", "München", null, "German", 60, "EUR"],
  [7, "Germany", "Land Berlin", "Berlin", null, "German", 60, "EUR"],
  [6, "France", "Île-de-France", "Paris", null, "French", 60, "EUR"],
  [4, "Poland", "Łódź Voivodeship", "Łódź", null, "Polish", 60, "PLN"],
  [4, "Turkey", "Istanbul", "İstanbul", null, "Turkish", 180, "TRY"],
  [3, "Israel", "Tel Aviv", "Tel Aviv", null, "Hebrew", 120, "ILS"],
  [3, "United Arab Emirates", "Dubai", "Dubai", null, "Arabic", 240, "AED"],
  [6, "India", "Karnataka", "Bengaluru", null, "English", 330, "INR"],
  [5, "Japan", "Tokyo", "Tokyo", null, "Japanese", 540, "JPY"],
  [4, "South Korea", "Seoul", "Seoul", null, "Korean", 540, "KRW"],
  [6, "Brazil", "São Paulo", "São Paulo", null, "Portuguese", -180, "BRL"],
];

const PLACES: readonly Place[] = ROWS.map(
  ([weight, country, region, city, dma, language, offset, currency]) => {
    return { weight, country, region, city, dma, language, offset, currency };
  },
);

const TOTAL = PLACES.reduce((sum, place) => sum + place.weight, 0);

/** The place at `at` of all people (at least 0, below 1), by weight. */
export function placeAt(at: number): Place {
  let left = at * TOTAL;
  for (const place of PLACES) {
    left -= place.weight;
    if (left < 0) return place;
  }
  return PLACES[0]!;
}
