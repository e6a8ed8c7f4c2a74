// Not destructured: in every module, jest has a variable of that name.
const globals = require('@jest/globals');

exports.it = globals.it;
exports.spyOn = (orders) => {
  const spy = globals.jest.spyOn(orders, 'handle');
  return () => spy.mock.calls.length;
};
