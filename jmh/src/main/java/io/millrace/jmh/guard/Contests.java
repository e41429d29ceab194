package io.millrace.jmh.guard;

import io.millrace.jmh.connection.OneWay;
import io.millrace.jmh.connection.OneWayHarness;
import io.millrace.jmh.connection.OneWayTls;
import io.millrace.jmh.connection.PingPong;
import io.millrace.jmh.ring.ManyToOneThroughput;
import io.millrace.jmh.session.ListBenchmark;
import io.millrace.jmh.session.TicketBenchmark;
import io.millrace.jmh.websocket.OneWayWebSocket;
import java.util.List;

/**
 * The contests that are run, each made of benchmarks that exist. What is usual is what two runs on two quiet cores had, or less where
 * runs of other days had less.
 */
final class Contests {
    private static final int SENDERS = 2;
    private static final String MILLRACE = "millrace";

    private Contests() {}

    static List<Contest> all() {
        return List.of(
                new Contest(
                        "TCP one way, 100 B, 2 senders", "a locked write", 34, tcp(MILLRACE), tcp("baseline-socket")),
                new Contest(
                        "TLS one way, 100 B, 2 senders",
                        "SSLSocket, flushed",
                        20,
                        tls(MILLRACE),
                        tls("baseline-socket")),
                new Contest(
                        "WebSocket one way, 64 B, 2 senders",
                        "Java-WebSocket",
                        10,
                        webSocket(MILLRACE),
                        webSocket("baseline-java-websocket")),
                new Contest(
                        "TCP ping-pong, 64 B",
                        "a blocking socket",
                        2.0,
                        pingPong(MILLRACE),
                        pingPong("baseline-socket")),
                new Contest(
                        "many-to-one ring, 100 B, 4 producers",
                        "a synchronized one",
                        1.4,
                        ring(MILLRACE),
                        ring("synchronized")),
                new Contest(
                        "tickets taken and put, 8 threads", "a mutex LRU", 3.4, tickets(MILLRACE), tickets("mutex")),
                new Contest(
                        "lists of 1,000 beside a writer",
                        "a read-write lock",
                        2_000,
                        lists("registry-millrace"),
                        lists("registry-readWriteLock")));
    }

    private static Side tcp(final String peer) {
        final OneWay run = new OneWay();
        run.peer = peer;
        run.length = 100;
        return oneWay(run);
    }

    private static Side tls(final String peer) {
        final OneWayTls run = new OneWayTls();
        run.peer = peer;
        run.length = 100;
        return oneWay(run);
    }

    private static Side webSocket(final String peer) {
        final OneWayWebSocket run = new OneWayWebSocket();
        run.peer = peer;
        run.scheme = "ws";
        run.length = 64;
        return oneWay(run);
    }

    private static Side oneWay(final OneWayHarness run) {
        run.senders = SENDERS;
        return new Side() {
            @Override
            public void start() throws Exception {
                run.start();
                run.rebase();
            }

            @Override
            public long work() {
                run.receive();
                return OneWayHarness.BATCH;
            }

            @Override
            public void stop() throws Exception {
                run.stop();
            }
        };
    }

    private static Side pingPong(final String peer) {
        final PingPong run = new PingPong();
        run.peer = peer;
        run.length = 64;
        return new Side() {
            @Override
            public void start() throws Exception {
                run.start();
            }

            @Override
            public long work() throws Exception {
                run.roundTrip();
                return PingPong.BATCH;
            }

            @Override
            public void stop() throws Exception {
                run.stop();
            }
        };
    }

    private static Side ring(final String peer) {
        final ManyToOneThroughput run = new ManyToOneThroughput();
        run.peer = peer;
        run.producers = 4;
        run.length = 100;
        return new Side() {
            @Override
            public void start() {
                run.start();
            }

            @Override
            public long work() {
                run.consume();
                return ManyToOneThroughput.BATCH;
            }

            @Override
            public void stop() throws Exception {
                run.stop();
            }
        };
    }

    private static Side tickets(final String design) {
        final TicketBenchmark run = new TicketBenchmark();
        run.design = design;
        run.keys = 1_000;
        return new Crowd(run, 8);
    }

    private static Side lists(final String store) {
        final int lists = 500;
        final ListBenchmark run = new ListBenchmark();
        run.store = store;
        run.entries = 1_000;
        return new BesideWriter(run, lists);
    }
}
