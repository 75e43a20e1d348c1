import theme from 'vitepress/theme-without-fonts'; // no page loads a font
import './style.css';

export default theme;
