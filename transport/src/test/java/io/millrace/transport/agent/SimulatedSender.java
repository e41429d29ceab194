package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Offers in every way there is, and knows what must go onto the wire: every message in the order of the claims. */
final class SimulatedSender implements SimulatedWire.Tap {
    /** What became of a claim. A late one was still open when the connection was closing, and may be passed over. */
    private enum Fate {
        OPEN,
        COMMITTED,
        ABORTED,
        COMMITTED_LATE,
        ABORTED_LATE
    }

    private static final Protocol PROTOCOL = SimulatedProtocol.make();
    private static final int MIN_LENGTH = 8;
    private static final int LONGEST_BATCH = 4;

    /** Bounds the answers to answers. */
    private static final int MAX_MESSAGES = 400;

    private final SplittableRandom random;
    private final SimulationVerdict verdict;
    private final SimulationTally tally;
    private final List<Fate> fates = new ArrayList<>();
    private final List<Integer> wire = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(LONGEST_BATCH * SimulatedSide.MAX_MESSAGE_LENGTH);
    private Connection connection;
    private MessageClaim claim;
    private RingCell rings;
    private int fullCapacity;
    private int claimed = -1;

    /** The ring of a sender that has stood still since it looked for one. */
    private ByteRing slow;

    /** Bytes of all claims, which is where the next one begins; and where the open one ends. */
    private long position;

    private long claimEnd;

    /** Whether it was told that there is no room, and not yet that there is. */
    private boolean roomOwed;

    private boolean over;

    SimulatedSender(final SplittableRandom random, final SimulationVerdict verdict, final SimulationTally tally) {
        this.random = random;
        this.verdict = verdict;
        this.tally = tally;
    }

    void connection(final Connection newConnection, final RingCell newRings, final int newFullCapacity) {
        connection = newConnection;
        claim = newConnection.newClaim();
        rings = newRings;
        fullCapacity = newFullCapacity;
    }

    void act() {
        if (random.nextInt(4) == 0) {
            goOnSlowly();
        }
        final int way = random.nextInt(8);
        if (way == 0 && claimed < 0) {
            claim();
        } else if (way == 1 && claimed >= 0) {
            commit();
        } else if (way == 2 && claimed >= 0) {
            abort();
        } else if (fates.size() < MAX_MESSAGES) {
            offer(way);
        }
    }

    /** What comes to lie in a ring behind which there is another already would lie at that one's positions. */
    private void goOnSlowly() {
        if (slow != null && slow != rings.active()) {
            final long claim = slow.tryClaim(MIN_LENGTH);
            verdict.expect(
                    claim == ByteRing.CLOSED, "a sender that was slow is let into a ring that is replaced:", claim);
        }
        slow = rings.active();
    }

    private void offer(final int way) {
        final boolean wasClosed = connection.isClosed();
        final int count = way == 3 ? random.nextInt(1, LONGEST_BATCH + 1) : 1;
        final int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = length();
        }
        fill(lengths);
        final long result = offer(way, lengths);
        verdict.expect(!wasClosed || result == Connection.CLOSED, "an offer to a closed connection:", result);
        if (result >= 0) {
            accepted(result, lengths);
        } else {
            tally.refused(result);
            if (isNoRoom(result)) {
                checkNoRoom(result, () -> offer(way, lengths));
            }
        }
    }

    private void fill(final int... lengths) {
        scratch.clear();
        for (int i = 0; i < lengths.length; i++) {
            put(scratch, scratch.position(), fates.size() + i, lengths[i]);
            scratch.position(scratch.position() + lengths[i]);
        }
        scratch.flip();
    }

    private void accepted(final long result, final int... lengths) {
        for (final int length : lengths) {
            fates.add(Fate.COMMITTED);
            position += PROTOCOL.frameLength(length);
        }
        verdict.expect(result == position, "not the position behind the message:", position, result);
    }

    private static boolean isNoRoom(final long result) {
        return result == Connection.BACK_PRESSURED || result == Connection.DROPPED;
    }

    /** Nobody may be told so while there is room, or can be: nothing has moved since. */
    private void checkNoRoom(final long result, final LongSupplier again) {
        verdict.expect(
                rings.active().capacity() == fullCapacity,
                "told that there is no room by a ring that is small:",
                rings.active().capacity(),
                fullCapacity);
        verdict.expect(again.getAsLong() == result, "told that there is no room, and there is:", result);
        roomOwed = true;
    }

    /** Told that there is room: then any one message goes in. */
    void writable() {
        verdict.expect(roomOwed, "told that there is room, and nobody wanted it");
        roomOwed = false;
        if (fates.size() < MAX_MESSAGES && random.nextInt(4) == 0) {
            fill(SimulatedSide.MAX_MESSAGE_LENGTH);
            final long result = connection.offer(scratch);
            verdict.expect(result >= 0, "told that there is room, and there is none:", result);
            accepted(result, SimulatedSide.MAX_MESSAGE_LENGTH);
        }
    }

    /** Whether it waits for room, and nothing is in its way. */
    boolean isForgotten() {
        return roomOwed && !connection.isClosed() && rings.isEmpty();
    }

    private long offer(final int way, final int[] lengths) {
        return switch (way) {
            case 3 -> connection.offerBatch(scratch, 0, lengths, lengths.length);
            case 4 -> connection.offer(halves(lengths[0]), 0, 2);
            case 5 -> connection.offer(scratch, 0, lengths[0]);
            default -> connection.offer(scratch);
        };
    }

    private ByteBuffer[] halves(final int length) {
        final int cut = random.nextInt(length + 1);
        return new ByteBuffer[] {scratch.slice(0, cut), scratch.slice(cut, length - cut)};
    }

    private int length() {
        return random.nextInt(MIN_LENGTH, random.nextBoolean() ? 40 : SimulatedSide.MAX_MESSAGE_LENGTH + 1);
    }

    private void claim() {
        final int length = length();
        final long result = connection.tryClaim(length, claim);
        if (result == 0) {
            claimed = fates.size();
            fates.add(Fate.OPEN);
            position += PROTOCOL.frameLength(length);
            claimEnd = position;
            put(claim.buffer(), claim.offset(), claimed, length);
        } else {
            tally.refused(result);
            if (isNoRoom(result)) {
                checkNoRoom(result, () -> connection.tryClaim(length, claim));
            }
        }
    }

    private void commit() {
        final long behind = claim.commit();
        verdict.expect(behind == claimEnd, "not the position behind the claim:", claimEnd, behind);
        settle(isClosing() ? Fate.COMMITTED_LATE : Fate.COMMITTED);
    }

    private void abort() {
        claim.abort();
        tally.count("aborted");
        settle(isClosing() ? Fate.ABORTED_LATE : Fate.ABORTED);
    }

    /** Commits the claim that is open, if there is one. */
    void settle() {
        if (claimed >= 0) {
            commit();
        }
    }

    /** Whether all that was committed went onto the wire. */
    boolean isAllOnTheWire() {
        return fates.stream().filter(f -> f != Fate.ABORTED).count() == wire.size();
    }

    /** Whether a claim that is open may be given up: also while only the output ends, and the peer's is read on. */
    private boolean isClosing() {
        return connection.isClosed() || connection.state().phase() == ConnectionPhase.DRAINING;
    }

    private void settle(final Fate fate) {
        if (!over) {
            fates.set(claimed, fate);
        }
        claimed = -1;
    }

    private static void put(final ByteBuffer target, final int offset, final int number, final int length) {
        target.putInt(offset, number).putInt(offset + 4, length);
        for (int i = MIN_LENGTH; i < length; i++) {
            target.put(offset + i, (byte) (number * 31 + i));
        }
    }

    /** A message's number, if it is whole. */
    static int number(final SimulationVerdict verdict, final ByteBuffer buffer, final int offset, final int length) {
        final int number = buffer.getInt(offset);
        verdict.expect(buffer.getInt(offset + 4) == length, "a message has another length:", number, length);
        for (int i = MIN_LENGTH; i < length; i++) {
            if (buffer.get(offset + i) != (byte) (number * 31 + i)) {
                verdict.fail("a message has other bytes:", number, i);
            }
        }
        return number;
    }

    @Override
    public void onMessage(final ByteBuffer message) {
        if (message.limit() == SimulatedProtocol.HEARTBEAT_LENGTH) {
            tally.count("heartbeats");
            return;
        }
        final int number = number(verdict, message, 0, message.limit());
        final int last = wire.isEmpty() ? -1 : wire.get(wire.size() - 1);
        verdict.expect(number > last && number < fates.size(), "out of order on the wire:", last, number);
        for (int i = last + 1; i < number; i++) {
            verdict.expect(fates.get(i) != Fate.COMMITTED, "accepted, and left out on the wire:", i, number);
            if (fates.get(i) != Fate.ABORTED) {
                tally.count("passed over");
            }
        }
        final Fate fate = fates.get(number);
        verdict.expect(fate == Fate.COMMITTED || fate == Fate.COMMITTED_LATE, "on the wire and not committed:", number);
        wire.add(number);
    }

    /** The messages that went onto the wire whole, in order. */
    List<Integer> wire() {
        return wire;
    }

    int claims() {
        return fates.size();
    }

    /** Nothing goes in any more, by whatever way. */
    void checkClosed() {
        for (int way = 3; way < 7; way++) {
            fill(MIN_LENGTH);
            final long result = offer(way, new int[] {MIN_LENGTH});
            verdict.expect(result == Connection.CLOSED, "an offer in onClose: way, result:", way, result);
        }
        final long result = connection.tryClaim(MIN_LENGTH, connection.newClaim());
        verdict.expect(result == Connection.CLOSED, "a claim in onClose:", result);
    }

    void check(final CloseReport report) {
        over = true;
        final long late = fates.stream().filter(f -> f == Fate.ABORTED_LATE).count();
        final long accepted = fates.stream()
                .filter(f -> f != Fate.ABORTED && f != Fate.ABORTED_LATE)
                .count();
        verdict.expect(
                report.accepted() >= accepted && report.accepted() <= accepted + late,
                "accepted, reported:",
                accepted,
                report.accepted());
        verdict.expect(report.flushed() == wire.size(), "flushed, reported:", wire.size(), report.flushed());
        verdict.expect(
                report.undelivered() >= 0 && report.accepted() == report.flushed() + report.undelivered(),
                "accepted = flushed + undelivered:",
                report.accepted(),
                report.flushed(),
                report.undelivered());
    }
}
