import type { Source } from '../../lib';
import { recordsOf } from '../../lib/sources/records';

/** A record of a source that lives outside of the library. */
export interface Parcel {
  readonly parcel: string;
  readonly lane?: string;
}

export interface ParcelEvent {
  readonly Records: readonly Parcel[];
}

/** The row of a made-up source, which is a stream unless a spec says otherwise. */
export const parcels = (kind: Source['kind'] = 'stream'): Source<Parcel, ParcelEvent, string, string> => ({
  name: 'Parcels',
  kind,
  eventSource: 'post:parcels',
  records: recordsOf,
  hasShape: (record) => 'parcel' in record,
  itemIdentifier: ({ parcel }) => parcel,
  orderingKey: ({ lane }) => lane,
  payload: {
    kind: 'text',
    of: ({ parcel }) => parcel,
    with: (record, parcel) => ({ ...record, parcel }),
  },
});

export const parcelEvent = (...names: string[]): ParcelEvent => ({ Records: names.map((parcel) => ({ parcel })) });
