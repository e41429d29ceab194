package io.millrace.jmh.ring;

import java.nio.ByteBuffer;

/** A bounded queue of byte records with one consumer. */
interface Peer {
    /** One producer's end. */
    interface Writer {
        /** Copies the source into the queue; false if there is no room. */
        boolean offer();
    }

    /** Takes what a reader needs to check a record: its first eight bytes, its last, and its length. */
    interface Sink {
        void onRecord(long first, long last, int length);
    }

    /** An end for one thread, which offers all of a heap buffer at each call. */
    Writer writer(ByteBuffer source);

    /** Reads up to a limit and says how many it read. The consumer's thread. */
    int read(Sink sink, int limit);
}
