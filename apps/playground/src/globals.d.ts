/** The version of the packages that the page was built from. */
declare const __VERSION__: string;
