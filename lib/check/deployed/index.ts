export { type Clients, clientsFor } from './clients';
export { permissions } from './permissions';
export { readDeployed } from './read-deployed';
