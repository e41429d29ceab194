package io.millrace.transport.agent;

/** Remembers the first broken invariant: an agent catches what is thrown under it, and would report it as its handler's. */
final class SimulationVerdict {
    private AssertionError first;

    void expect(final boolean kept, final String invariant, final long... values) {
        if (!kept) {
            fail(invariant, values);
        }
    }

    void fail(final String invariant, final long... values) {
        final StringBuilder text = new StringBuilder(invariant);
        for (final long value : values) {
            text.append(' ').append(value);
        }
        if (first == null) {
            first = new AssertionError(text.toString());
        }
        throw first;
    }

    /** Throws what was found and caught by others. */
    void raise() {
        if (first != null) {
            throw first;
        }
    }
}
