exports.it = globalThis.it;
exports.spyOn = (orders) => {
  const { handle } = orders;
  let calls = 0;
  orders.handle = (...args) => {
    calls++;
    return handle(...args);
  };
  return () => calls;
};
