package io.millrace.tests.scale;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Many clients of one server, each with a connection of its own. One thread uses it. */
final class Crowd implements AutoCloseable {
    /** Connecting at once: fewer than a listener's backlog. */
    private static final int AT_ONCE = 100;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /** One client. */
    static final class Member implements ConnectionHandler {
        private final End end;
        private volatile long handed;

        Member(final long number) {
            end = new End(new Messages(number, 0, Kind.ANSWERED), new Messages(number, 1, Kind.ANSWERED));
        }

        @Override
        public void onOpen(final Connection connection) {
            end.connection(connection);
            handed = 1;
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            end.receive(buffer, offset, length);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            end.closed(report);
        }

        boolean isOpen() {
            return handed > 0 && !isOver();
        }

        boolean isOver() {
            return end.report() != null;
        }

        boolean isAnswered() {
            return end.received() == end.accepted();
        }
    }

    private final Transport transport;
    private final URI uri;
    private final List<Member> members = new ArrayList<>();

    Crowd(final int port, final TransportContext context) {
        transport = new Transport(context.connectionContext(EchoServer.settings()));
        uri = URI.create("tcp://localhost:" + port);
    }

    /** Connects so many more, each of which sends a message; returns when each has its answer, or has ended. */
    void join(final int count) {
        final List<Member> newcomers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final Member member = new Member(members.size() + newcomers.size());
            newcomers.add(member);
            final var unused = transport.connect(uri, member);
            if (newcomers.size() == AT_ONCE || i == count - 1) {
                await("connected", () -> newcomers.stream().allMatch(each -> each.isOpen() || each.isOver()));
                newcomers.forEach(Crowd::say);
                await("answered", () -> newcomers.stream().allMatch(each -> each.isAnswered() || each.isOver()));
                members.addAll(newcomers);
                newcomers.clear();
            }
        }
    }

    private static void say(final Member member) {
        if (member.isOpen()) {
            member.end.offer();
        }
    }

    /** Each that lives sends a message, and has its answer. */
    void talk() {
        members.forEach(Crowd::say);
        await("answered", () -> members.stream().allMatch(each -> each.isAnswered() || each.isOver()));
    }

    /** The first so many that live say goodbye, and are gone. */
    void leave(final int count) {
        final List<Member> leaving =
                members.stream().filter(Member::isOpen).limit(count).toList();
        leaving.forEach(each -> each.end.connection().close());
        await("gone", () -> leaving.stream().allMatch(Member::isOver));
    }

    void awaitAllOver() {
        await("over", () -> members.stream().allMatch(Member::isOver));
    }

    int living() {
        return count(Member::isOpen);
    }

    /** Those that ended without one answer. */
    int turnedAway() {
        return count(each -> each.isOver() && each.end.received() == 0);
    }

    private int count(final Predicate<Member> which) {
        return (int) members.stream().filter(which).count();
    }

    long sent() {
        return members.stream().mapToLong(each -> each.end.accepted()).sum();
    }

    long received() {
        return members.stream().mapToLong(each -> each.end.received()).sum();
    }

    /** What any of those that were served lost or got wrong. */
    Optional<String> fault() {
        return members.stream()
                .filter(each -> each.end.received() > 0)
                .filter(each -> each.end.isFaulty()
                        || !each.isAnswered()
                        || (each.end.report() != null && each.end.report().undelivered() > 0))
                .map(each -> "accepted=" + each.end.accepted() + " received=" + each.end.received() + " report="
                        + each.end.report())
                .findFirst();
    }

    private void await(final String what, final BooleanSupplier condition) {
        await(what, condition, () -> received() + count(Member::isOpen) + 2L * count(Member::isOver));
    }

    /** No deadline as long as the progress changes. */
    static void await(final String what, final BooleanSupplier condition, final LongSupplier progress) {
        long before = progress.getAsLong();
        long sinceNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            final long now = progress.getAsLong();
            if (now != before) {
                before = now;
                sinceNs = System.nanoTime();
            } else if (System.nanoTime() - sinceNs > PATIENCE_NS) {
                throw new AssertionError("nothing moves: not " + what + ", progress=" + now);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
