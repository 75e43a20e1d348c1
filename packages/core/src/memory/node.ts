/** Whether glibc was asked to put large arrays into pages of 2 MB: `GLIBC_TUNABLES=glibc.malloc.hugetlb=1` when this process started. */
export const inHugePages = (): boolean => /\bglibc\.malloc\.hugetlb=[12]/.test(process.env['GLIBC_TUNABLES'] ?? '');
