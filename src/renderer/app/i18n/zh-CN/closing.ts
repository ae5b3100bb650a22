/** Texts of the question before the console closes. */
export const zhCNClosing = {
  call: {
    title: '有通话，要关闭座席台吗？',
    text: '关闭座席台会断开这通电话。已写的文字先存入本机，下次打开时还在。',
    stay: '不关闭',
    close: '断开并关闭',
  },
  unsaved: {
    title: '有文字还没有存入本机',
    text: '现在关闭会丢失最近输入的文字。请先看下方的提示，保存成功后再关闭。',
    stay: '不关闭',
    close: '仍然关闭',
  },
} as const;
