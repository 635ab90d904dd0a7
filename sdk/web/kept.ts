// What a browser keeps for a page. Browsers may keep nothing, and throw when asked to.

function store(of: () => Storage) {
  return {
    get(key: string): string | null {
      try {
        return of().getItem(key);
      } catch {
        return null;
      }
    },
    /** False when it is not kept. */
    set(key: string, value: string): boolean {
      try {
        of().setItem(key, value);
        return true;
      } catch {
        return false;
      }
    },
    remove(key: string): void {
      try {
        of().removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
  };
}

/** For ever, for all tabs of the host. */
export const kept = store(() => localStorage);
/** As long as the tab lives, reloads included. */
export const keptInTab = store(() => sessionStorage);
