// A box to search in: what is typed is looked for when typing pauses.
import { useEffect, useRef, useState } from 'preact/hooks';

export function Search({ value, label, find }: { value: string; label: string; find: (text: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  const said = useRef(value);
  useEffect(() => {
    if (value !== said.current) setText((said.current = value));
  }, [value]);
  const later = (next: string, wait: number): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => find((said.current = next)), wait);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      class="search"
      data-key="/"
      value={text}
      placeholder={label}
      aria-label={label}
      spellcheck={false}
      autocomplete="off"
      onInput={(e) => later(e.currentTarget.value, 250)}
      onKeyDown={(e) => e.key === 'Enter' && later(text, 0)}
    />
  );
}
