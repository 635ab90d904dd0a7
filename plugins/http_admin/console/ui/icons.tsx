// Line drawings of 24 by 24.
const paths = {
  dashboard: 'M4 13h6V4H4zM14 9h6V4h-6zM14 20h6v-7h-6zM4 20h6v-3H4z',
  users: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-6 6.500-6s6.100 2.400 6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.300c2 .8 3.300 2.900 3.500 5.700',
  departments: 'M9 4h6v5H9zM3 15h6v5H3zM15 15h6v5h-6zM12 9v3M6 15v-3h12v3',
  groups: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5',
  links: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  sessions: 'M3 5h18v11H3zM8 20h8M12 16v4',
  announcements: 'M4 10v4h3l8 4V6L7 10zM18 9.500a4 4 0 0 1 0 5',
  messages: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM20 20l-4.800-4.800',
  admins: 'M12 3l8 3v6c0 4.500-3.300 7.700-8 9-4.700-1.300-8-4.500-8-9V6zM9 12l2 2 4-4',
  audit: 'M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3',
  node: 'M4 4h16v7H4zM4 13h16v7H4zM8 7.500h.01M8 16.500h.01',
  plugins: 'M9 3v5M15 3v5M6 8h12v4a6 6 0 0 1-12 0zM12 18v3',
  pools: 'M12 8c4.400 0 8-1.100 8-2.500S16.400 3 12 3 4 4.100 4 5.500 7.600 8 12 8zM4 5.500v13C4 19.900 7.600 21 12 21s8-1.100 8-2.500v-13M4 12c0 1.400 3.600 2.500 8 2.500s8-1.100 8-2.500',
  log: 'M4 6h16M4 10h10M4 14h16M4 18h7',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c.7-3.900 3.700-6 7.500-6s6.800 2.100 7.500 6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  theme: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  language: 'M4 6h9M8.500 4v2M11 6c-.8 4-3.500 7-7 8.500M6 9c1 2.300 3 4.300 5.500 5.500M12 20l4.500-10L21 20M13.500 17h6',
  signout: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  reload: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .8-1 1.700M12 16.500h.01',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
