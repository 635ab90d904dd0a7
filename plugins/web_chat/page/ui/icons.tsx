// Drawn here, so that nothing is loaded for them.
import type { ComponentChildren } from 'preact';

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export const SendIcon = () => <Icon><path d="M4 12 20 4l-5 16-3.5-6.500z" /><path d="M11.5 13.5 20 4" /></Icon>;
export const PictureIcon = () => <Icon><rect x="3" y="5" width="18" height="14" rx="2.5" /><circle cx="8.5" cy="10" r="1.5" /><path d="m4 17 5-4.5 3.5 3L16 12l4.5 4.5" /></Icon>;
export const ClipIcon = () => <Icon><path d="m20 11.5-8 8a5 5 0 0 1-7-7l8.5-8.500a3.3 3.3 0 0 1 4.7 4.700L9.7 17.200a1.7 1.7 0 0 1-2.4-2.400l7.7-7.7" /></Icon>;
export const BackIcon = () => <Icon><path d="M15 5l-7 7 7 7" /></Icon>;
export const CloseIcon = () => <Icon><path d="M6 6l12 12M18 6 6 18" /></Icon>;
export const GearIcon = () => <Icon><circle cx="12" cy="12" r="3" /><path d="M12 3v2.500M12 18.500V21M3 12h2.500M18.5 12H21M5.6 5.600l1.8 1.800M16.6 16.600l1.8 1.800M18.4 5.600l-1.8 1.800M7.4 16.600l-1.8 1.8" /></Icon>;
export const PlusIcon = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>;
export const InfoIcon = () => <Icon><circle cx="12" cy="12" r="9" /><path d="M12 11v5.500M12 7.600v.1" /></Icon>;
export const DownIcon = () => <Icon><path d="M12 5v14M6 13l6 6 6-6" /></Icon>;
export const FileIcon = () => <Icon size={24}><path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z" /><path d="M14 3v5h5" /></Icon>;
export const SearchIcon = () => <Icon size={18}><circle cx="11" cy="11" r="6.5" /><path d="m20 20-4.3-4.3" /></Icon>;
export const ClockIcon = () => <Icon size={13}><circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" /></Icon>;
export const TickIcon = () => <Icon size={14}><path d="m4 12.5 5 5L20 6.5" /></Icon>;
export const TicksIcon = () => <Icon size={16}><path d="m2 12.5 5 5L17 7" /><path d="m12 16.5 1 1L23 7" /></Icon>;
export const GroupIcon = () => <Icon size={22}><circle cx="9" cy="9" r="3.2" /><path d="M3.5 19c.5-3.2 2.7-5 5.5-5s5 1.8 5.5 5" /><path d="M15.5 6.200a3 3 0 0 1 0 5.600M17 14.300c2 .5 3.2 2.2 3.5 4.7" /></Icon>;
