package io.millrace.ring;

/** Every byte ring there is: the contract's tests run on each. */
enum RingKind {
    MANY_TO_ONE_HEAP(Memory.HEAP),
    MANY_TO_ONE_DIRECT(Memory.DIRECT),
    ONE_TO_ONE_HEAP(Memory.HEAP),
    ONE_TO_ONE_DIRECT(Memory.DIRECT);

    private final Memory memory;

    RingKind(final Memory memory) {
        this.memory = memory;
    }

    ByteRing ring(final int capacity, final int maxRecordLength) {
        return ring(capacity, maxRecordLength, 0);
    }

    ByteRing ring(final int capacity, final int maxRecordLength, final long startPosition) {
        return isManyToOne()
                ? new ManyToOneByteRing(capacity, maxRecordLength, memory, startPosition)
                : new OneToOneByteRing(capacity, maxRecordLength, memory, startPosition);
    }

    boolean isManyToOne() {
        return this == MANY_TO_ONE_HEAP || this == MANY_TO_ONE_DIRECT;
    }
}
