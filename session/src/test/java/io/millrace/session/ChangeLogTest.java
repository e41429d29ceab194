package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeLogTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 31, 32, 33, 64, 100, 4_096})
    void shouldFeedTheLastChangesInOrderFromEveryPositionThatIsKept(final int capacity) {
        ChangeLog<Integer> log = ChangeLog.empty();
        for (int i = 0; i < capacity + 200; i++) {
            final ChangeLog<Integer> before = log;
            final int sizeBefore = before.size();
            log = log.append(i, capacity);
            assertEquals(i + 1, log.end());
            assertEquals(Math.min(i + 1, capacity), log.size());
            assertEquals(sizeBefore, before.size());
            final int end = i + 1;
            final int first = end - log.size();
            for (int from = first; from <= end; from += 1 + log.size() / 50) {
                assertEquals(IntStream.range(from, end).boxed().toList(), fed(log, from, Integer.MAX_VALUE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 32, 40, 96})
    void shouldStopWhereTheConsumerSaysNo(final int limit) {
        ChangeLog<Integer> log = ChangeLog.empty();
        for (int i = 0; i < 200; i++) {
            log = log.append(i, 150);
        }
        assertEquals(IntStream.range(60, 60 + limit).boxed().toList(), fed(log, 60, limit));
    }

    private static List<Integer> fed(final ChangeLog<Integer> log, final long from, final int limit) {
        final List<Integer> fed = new ArrayList<>();
        log.feed(from, change -> {
            fed.add(change);
            return fed.size() < limit;
        });
        return fed;
    }
}
