package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleContext;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.Waiting;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Two connections back to back on one thread. One seed decides who takes the next turn and what the users, the wires and
 * the clock do; the same seed always plays the same.
 *
 * <p>Invariants: accepted = flushed + undelivered, by count of the simulation too; what goes onto the wire is what was
 * accepted, whole and in the order of the claims, and left out is only a claim that was open too long; what is received is
 * the beginning of that, and all of it at the peer's end; one onClose and nothing after it; no turn without end that moves
 * nothing; closing takes no longer than it may; no buffer is kept. Positions are the bytes of all claims before; told that
 * there is no room is a sender only by a ring of the full capacity that has none, and told that there is only if there is,
 * and always, once the ring is empty.
 */
final class ConnectionSimulation {
    private static final long CLOSE_TIMEOUT_NS = 1_000_000;
    private static final int MAX_STEPS = 1500;

    /** Turns of both that any end takes at most, without waiting. */
    private static final int MAX_END_TURNS = 50_000;

    private final SplittableRandom random;
    private final SimulationVerdict verdict = new SimulationVerdict();
    private final SimulationTally tally;
    private final BufferPool buffers;
    private final SimulatedWire[] wires = new SimulatedWire[2];
    private final SimulatedSide[] sides = new SimulatedSide[2];
    private final SimulatedSender[] senders = new SimulatedSender[2];

    /** How often a step breaks the connection, in 10,000. */
    private final int fragility;

    /** How often a step is a user's, in 100. */
    private final int eagerness;

    private long nowNs;

    ConnectionSimulation(final long seed, final BufferPool buffers, final SimulationTally tally) {
        this(seed, buffers, tally, Optional.empty());
    }

    ConnectionSimulation(
            final long seed, final BufferPool buffers, final SimulationTally tally, final Optional<SimulatedTls> tls) {
        random = new SplittableRandom(seed);
        this.buffers = buffers;
        this.tally = tally;
        nowNs = random.nextBoolean() ? Long.MAX_VALUE - random.nextInt(2_000_000) : random.nextLong();
        fragility = random.nextInt(4) == 0 ? random.nextInt(1, 40) : 0;
        eagerness = random.nextInt(5, 60);
        for (int i = 0; i < 2; i++) {
            senders[i] = new SimulatedSender(random, verdict, tally);
            wires[i] = new SimulatedWire(random, verdict, senders[i], tls.isPresent());
        }
        for (int i = 0; i < 2; i++) {
            final int tries = random.nextInt(100) == 0 ? -random.nextInt(1, 9) : random.nextInt(4);
            final int which = i;
            sides[i] = new SimulatedSide(
                    random,
                    verdict,
                    tally,
                    () -> nowNs,
                    context(),
                    buffers,
                    new SimulatedChannel(verdict, wires[1 - i], wires[i], tries),
                    tls.flatMap(simulated -> simulated.side(which, wires[which])),
                    senders[i],
                    senders[1 - i].wire());
        }
    }

    private ConnectionContext context() {
        final SlowConsumerPolicy[] policies = SlowConsumerPolicy.values();
        return new ConnectionContext()
                .maxMessageLength(SimulatedSide.MAX_MESSAGE_LENGTH)
                .outboundCapacity(1024 << random.nextInt(7))
                .waiting(Waiting.PARKING)
                .connectTimeoutNs(random.nextInt(30) == 0 ? 1 : 1_000_000)
                .closeTimeoutNs(CLOSE_TIMEOUT_NS)
                .idleContext(new IdleContext()
                        .readIdleTimeoutNs(maybe(300_000))
                        .writeIdleTimeoutNs(maybe(400_000))
                        .idleTimeoutNs(maybe(350_000))
                        .heartbeatIntervalNs(maybe(200_000))
                        .heartbeatMissedLimit(random.nextInt(1, 4))
                        .bufferIdleTimeoutNs(random.nextInt(4) == 0 ? 0 : 60_000))
                .slowConsumerPolicy(policies[random.nextInt(policies.length)])
                .slowConsumerTimeoutNs(maybe(700_000))
                .halfCloseTimeoutNs(maybe(100_000))
                .allowHalfOpen(random.nextInt(3) == 0)
                .pullCapacity(random.nextInt(3) == 0 ? 1024 << random.nextInt(2) : 0)
                .conclude();
    }

    private long maybe(final long ns) {
        return random.nextInt(4) == 0 ? ns : 0;
    }

    void run() {
        final int steps = random.nextInt(MAX_STEPS);
        for (int i = 0; i < steps && !isOver(); i++) {
            step();
        }
        if (random.nextBoolean()) {
            wires[0].heal();
            wires[1].heal();
        }
        if (random.nextInt(3) > 0 && sides[0].isOpen() && sides[1].isOpen() && !isReset()) {
            endInPeace();
        } else {
            endAnyhow();
        }
        verdict.expect(buffers.lent() == 0, "buffers kept:", buffers.lent());
    }

    private void step() {
        final int way = random.nextInt(10_000);
        final int who = random.nextInt(2);
        if (way < fragility) {
            wires[0].reset();
            wires[1].reset();
        } else if (way < 150) {
            wires[who].stall(random.nextBoolean());
        } else if (way < 400) {
            pass(random.nextInt(10) == 0 ? random.nextInt(1_000_000) : random.nextInt(100_000));
            sides[who].turn();
            sides[who].look();
        } else if (way < 400 + 96 * eagerness) {
            sides[who].act();
        } else {
            sides[who].turn();
        }
        if (sides[0].isOpened() && sides[1].isOpened()) {
            wires[0].handshakeDone();
            wires[1].handshakeDone();
        }
        verdict.raise();
    }

    private void pass(final long ns) {
        nowNs += ns;
    }

    private boolean isOver() {
        return sides[0].isOver() && sides[1].isOver();
    }

    private boolean isReset() {
        return wires[0].isReset() || wires[1].isReset();
    }

    /** One closes, nothing is in its way, and the other is told: nothing may be lost but what the other one sends. */
    private void endInPeace() {
        for (int i = 0; i < 2; i++) {
            wires[i].heal();
            sides[i].calm();
        }
        sides[0].close();
        awaitEnd(0);
        if (sides[1].hasLostPatience()) {
            return;
        }
        verdict.expect(
                sides[0].report().reason() == CloseReason.LOCAL_CLOSE
                        && sides[1].report().reason() == CloseReason.PEER_CLOSE,
                "no peaceful end: " + sides[0].report() + " " + sides[1].report());
        verdict.expect(senders[0].isAllOnTheWire(), "closed in peace, and not all is flushed");
        verdict.expect(sides[1].hasReceivedAll(), "closed in peace, and not all arrived");
        tally.count("in peace");
    }

    /** Whatever stands still goes on doing so: then the time for closing ends it. */
    private void endAnyhow() {
        sides[0].close();
        sides[1].close();
        awaitEnd(CLOSE_TIMEOUT_NS);
    }

    private void awaitEnd(final long boundNs) {
        final long startNs = nowNs;
        for (int turns = 0; !isOver(); turns++) {
            verdict.expect(turns < MAX_END_TURNS, "does not end in turns:", turns);
            final int who = random.nextInt(2);
            sides[who].turn();
            if (isIdle(sides[0]) && isIdle(sides[1])) {
                pass(leftNs());
                verdict.expect(nowNs - startNs <= boundNs, "does not end in time, ns:", nowNs - startNs);
            }
        }
    }

    private static boolean isIdle(final SimulatedSide side) {
        return side.isOver() || side.isAsleep();
    }

    private long leftNs() {
        long leftNs = Long.MAX_VALUE;
        for (final SimulatedSide side : sides) {
            leftNs = side.isOver() ? leftNs : Math.min(leftNs, side.leftNs());
        }
        verdict.expect(isOver() || leftNs < Long.MAX_VALUE, "both sleep for ever");
        return isOver() ? 0 : leftNs;
    }
}
