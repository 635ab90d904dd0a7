import './style.css';
import { render } from 'preact';
import { applyTheme } from 'parley/theme';
applyTheme();
render(<p>Parley</p>, document.getElementById('page')!);
