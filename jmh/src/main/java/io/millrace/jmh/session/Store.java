package io.millrace.jmh.session;

import java.util.Collection;

/** What all designs of attributes, registry and state can do. Entries are numbered, so that each brings its own keys. */
interface Store {
    Object read(int entry);

    /** Changes an entry, or makes it. */
    void write(int entry);

    /** A state has nothing to remove, and is one entry. */
    default void remove(final int entry) {
        throw new UnsupportedOperationException("not of this design: remove entry=" + entry);
    }

    /** All values at one instant, if the design can say. */
    default Collection<?> list() {
        throw new UnsupportedOperationException("not of this design: list");
    }

    /** What holds the memory, without the keys that the benchmark holds anyway. */
    Object root();
}
