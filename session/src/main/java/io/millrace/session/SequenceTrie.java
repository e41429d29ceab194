package io.millrace.session;

/**
 * An immutable sparse array over positions from 0 on: added mostly at the end, removed anywhere, mostly at the front. A
 * change copies O(log n) of it, n being the highest position yet.
 *
 * <p>Any thread; every method is wait-free.
 *
 * @param <E> type of the elements, not null.
 */
final class SequenceTrie<E> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final SequenceTrie<?> EMPTY = new SequenceTrie<>(null, BITS, 0, 0);

    /** Null, or nodes down to the level of the elements. */
    private final Object[] root;
    /** Bits of a position that the root tells apart. */
    private final int bits;

    private final long end;
    private final int size;

    private SequenceTrie(final Object[] root, final int bits, final long end, final int size) {
        this.root = root;
        this.bits = bits;
        this.end = end;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    static <E> SequenceTrie<E> empty() {
        return (SequenceTrie<E>) EMPTY;
    }

    /** One more than the highest position yet. */
    long end() {
        return end;
    }

    int size() {
        return size;
    }

    SequenceTrie<E> append(final E element) {
        return with(end, element);
    }

    /** With an element at a position, which must be free. */
    SequenceTrie<E> with(final long position, final E element) {
        Object[] top = root;
        int width = bits;
        while (position >>> width != 0) {
            if (top != null) {
                final Object[] higher = new Object[WIDTH];
                higher[0] = top;
                top = higher;
            }
            width += BITS;
        }
        final Object[] changed = with(top, width - BITS, position, element);
        return new SequenceTrie<>(changed, width, Math.max(end, position + 1), size + 1);
    }

    /** Without the element at a position, which must be there. */
    SequenceTrie<E> without(final long position) {
        return new SequenceTrie<>(with(root, bits - BITS, position, null), bits, end, size - 1);
    }

    /** The position of the first element at or after another position, or -1. */
    long first(final long from) {
        return root == null || from >>> bits != 0 ? -1 : first(root, bits - BITS, 0, Math.max(0, from));
    }

    @SuppressWarnings("unchecked")
    E get(final long position) {
        Object[] node = root;
        for (int shift = bits - BITS; shift > 0; shift -= BITS) {
            node = (Object[]) node[(int) (position >>> shift) & (WIDTH - 1)];
        }
        return (E) node[(int) position & (WIDTH - 1)];
    }

    private static Object[] with(final Object[] node, final int shift, final long position, final Object element) {
        final Object[] copy = node == null ? new Object[WIDTH] : node.clone();
        final int slot = (int) (position >>> shift) & (WIDTH - 1);
        copy[slot] = shift == 0 ? element : with((Object[]) copy[slot], shift - BITS, position, element);
        if (element == null && copy[slot] == null) {
            for (final Object other : copy) {
                if (other != null) {
                    return copy;
                }
            }
            return null;
        }
        return copy;
    }

    private static long first(final Object[] node, final int shift, final long base, final long from) {
        for (int slot = from <= base ? 0 : (int) ((from - base) >>> shift); slot < WIDTH; slot++) {
            if (node[slot] != null) {
                final long position = base + ((long) slot << shift);
                final long found = shift == 0 ? position : first((Object[]) node[slot], shift - BITS, position, from);
                if (found >= 0) {
                    return found;
                }
            }
        }
        return -1;
    }
}
