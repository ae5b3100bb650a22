/** Texts of the screen shown when the console cannot work at all. */
export const zhCNFatal = {
  title: '座席台暂时无法使用',
  retry: '再试一次',
} as const;
