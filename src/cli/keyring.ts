import { createRequire } from "node:module";

/** The package that reaches the keyrings of macOS, Windows and Linux; people install it only if they want it. */
export const KEYRING_PACKAGE = "@napi-rs/keyring";

const SERVICE = "ampframe";

/** The keyring of the operating system, with a text for each profile. What it cannot do it throws. */
export interface Keyring {
  /** Null if nothing is stored. */
  readonly get: (profile: string) => string | null;
  readonly set: (profile: string, text: string) => void;
  /** False if nothing was stored. */
  readonly remove: (profile: string) => boolean;
}

/** What is used of the package. */
export interface KeyringPackage {
  readonly Entry: new (
    service: string,
    account: string,
    options: { readonly linux: { readonly store: "secret-service" } },
  ) => {
    getPassword(): string | null;
    setPassword(text: string): void;
    deletePassword(): boolean;
  };
}

/** Gives the keyring; undefined if the package is not installed. */
export type OpenKeyring = () => Keyring | undefined;

/**
 * The keyring by way of the optional package. On Linux it must be the Secret Service: the kernel's keyring, which the
 * package would take otherwise, forgets everything at the next start.
 */
export function openKeyring(load: () => unknown = loadPackage): Keyring | undefined {
  let loaded: unknown;
  try {
    loaded = load();
  } catch {
    return undefined;
  }
  const { Entry } = loaded as KeyringPackage;
  const entry = (profile: string) => new Entry(SERVICE, profile, { linux: { store: "secret-service" } });
  return {
    get: (profile) => entry(profile).getPassword(),
    set: (profile, text) => entry(profile).setPassword(text),
    remove: (profile) => entry(profile).deletePassword(),
  };
}

function loadPackage(): unknown {
  return createRequire(import.meta.url)(KEYRING_PACKAGE);
}
