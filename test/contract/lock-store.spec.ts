import { SqliteLockStore } from '../../src/locks/sqlite-lock-store.js';
import { openTestDatabase } from '../support/database.js';
import { lockStoreContract } from './lock-store.contract.js';

lockStoreContract(async () => {
  const { writer, reader } = await openTestDatabase();
  return { store: new SqliteLockStore(writer, reader), writer };
});
