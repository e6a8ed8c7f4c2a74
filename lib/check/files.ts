import { existsSync, statSync } from 'node:fs';

// existsSync first: it is false for what no file system takes, such as a NUL or 300 characters, where statSync throws.

/** Whether a path leads to a file. */
export const isFile = (file: string): boolean => existsSync(file) && statSync(file).isFile();

/** Whether a path leads to a folder. */
export const isFolder = (folder: string): boolean => existsSync(folder) && statSync(folder).isDirectory();
