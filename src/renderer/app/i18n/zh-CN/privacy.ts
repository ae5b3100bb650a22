/** Texts of looking at personal data that is masked. */
export const zhCNPrivacy = {
  masked: '诉求人信息已脱敏',
  look: '查看{{what}}',
  why: '为什么要查看{{what}}',
  shown: '{{what}}已显示，',
  secondsLeft: '{{count}} 秒后隐藏',
  hide: '隐藏',
  confirm: '记录并查看',
  logged: '查看人、时间、原因会先记入日志并上传，再显示 30 秒。',
  otherHint: '写明原因',
  failed: '没有显示：{{reason}}',
  field: {
    ticket: { phone: '电话', name: '姓名', address: '地址', form: '内容' },
    citizen: { phone: '电话', name: '姓名', address: '地址', form: '备注' },
    call: { phone: '电话', name: '姓名', address: '地址', form: '内容' },
  },
  reason: { callBack: '回拨核实', unit: '承办单位核实', identity: '核对来电人身份', other: '其他' },
} as const;
