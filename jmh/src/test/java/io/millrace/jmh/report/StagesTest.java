package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StagesTest {
    private static final String PERF = """
            sender-0
            \t7f1 long io.millrace.transport.agent.SendLane.attempt(java.nio.ByteBuffer, int, int) (/tmp/perf-1.map)
            \t7f2 void io.millrace.jmh.connection.OneWayHarness.send(io.millrace.jmh.connection.Payload) (/tmp/perf-1.map)

            sender-1
            \tfff __sched_yield (libc.so.6)
            \t7f2 boolean io.millrace.transport.agent.SendLane.offer(java.nio.ByteBuffer) (/tmp/perf-1.map)

            millrace-connec
            \tfff pvm_irq_enable ([kernel.kallsyms])
            \tffe ksys_write ([kernel.kallsyms])
            \t7f3 int io.millrace.transport.agent.ConnectionAgent.doWork() (/tmp/perf-1.map)

            C2 CompilerThre
            \t111 PhaseChaitin::Split (libjvm.so)

            millrace-connec
            \t7f4 int com.sun.crypto.provider.CounterMode.implCrypt(byte[], int) (/tmp/perf-1.map)
            \t7f5 int sun.security.ssl.SSLEngineImpl.unwrap(java.nio.ByteBuffer) (/tmp/perf-1.map)
            \t7f6 boolean io.millrace.transport.agent.Inbound.decode() (/tmp/perf-1.map)
            """;

    @Test
    void shouldSortStacksByTheFirstStageThatFits() {
        final Stages stages = new Stages();
        stages.read(PERF.lines().iterator());
        assertEquals(4, stages.samples());
        assertEquals(
                Map.of(
                        "sender: offer: claim, copy, commit", 25.0,
                        "sender: waiting for room: yield", 25.0,
                        "connection: socket write", 25.0,
                        "connection: cipher", 25.0),
                stages.percents());
    }

    @Test
    void shouldCountAStackThatNothingIsKnownOf() {
        final Stages stages = new Stages();
        stages.add("millrace-connec", List.of());
        assertEquals(Map.of("connection: unknown", 100.0), stages.percents());
    }
}
