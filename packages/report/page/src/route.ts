// SPDX-License-Identifier: GPL-2.0-only
import { useEffect, useState } from 'preact/hooks';

/** Where in the page one is: `#/`, or `#/finding/ID`. */
export interface Route {
  readonly finding: string | undefined;
}

const here = (): Route => {
  const [, id] = /^#\/finding\/(.+)$/.exec(location.hash) ?? [];
  return { finding: id === undefined ? undefined : decodeURIComponent(id) };
};

export const findingLink = (id: string): string => `#/finding/${encodeURIComponent(id)}`;

export const useRoute = (): Route => {
  const [route, setRoute] = useState(here);
  useEffect(() => {
    const changed = (): void => setRoute(here());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
};
