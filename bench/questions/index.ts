import type { Question } from '../question';
import { byKey } from './by-key';
import { inChunks } from './chunks';
import { classApiParallel } from './class-api';
import { deadline } from './deadline';
import { fifoBatch } from './fifo-batch';
import { fifoGroup } from './fifo-group';
import { growth } from './growth';
import { kafkaByPartition, kafkaParallel } from './kafka';
import { keptAliveBatch } from './keep-alive';
import { load } from './load';
import { loadBundled } from './load-bundled';
import { memory } from './memory';
import { observers } from './observers';
import { parallel } from './parallel';
import { sequential } from './sequential';
import { size } from './size';
import { sync } from './sync';
import { waitingGroups, waitingKeys } from './waiting';

/** All that is asked, by the names that `--only` and the budgets know. */
export const questions: Readonly<Record<string, Question>> = {
  parallel,
  'class-api': classApiParallel,
  sequential,
  sync,
  'fifo-batch': fifoBatch,
  'fifo-group': fifoGroup,
  'by-key': byKey,
  kafka: kafkaParallel,
  'kafka-by-partition': kafkaByPartition,
  deadline,
  observers,
  'keep-alive': keptAliveBatch,
  'waiting-groups': waitingGroups,
  'waiting-keys': waitingKeys,
  chunks: inChunks,
  growth,
  memory,
  load,
  'load-bundled': loadBundled,
  size,
};
