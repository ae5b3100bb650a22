/** Texts of signing in and unlocking. */
export const zhCNSession = {
  title: '登录座席台',
  unlockTitle: '解锁座席台',
  account: '账号',
  password: '密码',
  submit: '登录',
  unlock: '解锁',
  profiles: '本机账号',
  profilesHint: '不联网也能解锁',
  demoTitle: '演示账号',
  demoHint: '按数字键直接进入',
  demoHintLocked: '点选直接进入',
  wait: '请等待 {{time}} 后再试',
  call: {
    ringing: '有电话打进来，解锁后接听',
    going: '通话仍在继续，解锁后回到原来的表单',
    held: '市民仍在保持等待，解锁后取回通话',
  },
  server: {
    unknown: '正在查找服务器…',
    unreachable: '连不上中心服务器',
    unreachableWithProfile: '连不上中心服务器，本机账号仍可解锁，工单先存本机',
    unreachableNoProfile: '连不上中心服务器。第一次登录需要联网；请检查网络，连上后会自动继续',
    notConfiguredWithProfile:
      '还没有设置中心服务器地址，工单只能存在本机。请管理员在 {{file}} 中写明 serverUrl，然后重新打开座席台',
    notConfiguredNoProfile:
      '还没有设置中心服务器地址，不能登录。请管理员在 {{file}} 中写明 serverUrl，然后重新打开座席台',
    preparing: '服务器正在准备演示数据',
    preparingCount: '{{done}} / {{total}}',
    ready: '服务器已就绪',
    'wrong-mode': '服务器与本机的运行方式不同（演示 / 正式），不能登录。请联系管理员核对服务器地址',
  },
  keyringUnreadable: '系统密钥环打不开，本机账号可能无法解锁。数据没有改动，请登录系统桌面后重新打开座席台',
  capsLock: '大写锁定已打开',
} as const;
