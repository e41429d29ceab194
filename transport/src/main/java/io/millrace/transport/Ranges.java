package io.millrace.transport;

/** Checks settings when they are set. */
final class Ranges {
    private Ranges() {}

    static long positive(final String name, final long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
        return value;
    }

    static long notNegative(final String name, final long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + value);
        }
        return value;
    }

    static int within(final String name, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    static int powerOfTwo(final String name, final int value, final int least, final int most) {
        if (value < least || value > most || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(
                    name + " must be a power of two from " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    static void notConcluded(final boolean concluded) {
        if (concluded) {
            throw new IllegalStateException("the context is concluded: make a new one");
        }
    }
}
