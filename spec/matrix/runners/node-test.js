const { it, mock } = require('node:test');

exports.it = it;
exports.spyOn = (orders) => {
  // `mock.method` refuses the accessor that the entry is under experimentalDecorators.
  const isOwn = Object.hasOwn(orders, 'handle');
  const spy = isOwn ? mock.method(orders, 'handle') : (orders.handle = mock.fn(orders.handle));
  return () => spy.mock.callCount();
};
