package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.datamodel.ModelVM;
import org.openjdk.jol.info.ClassData;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.FieldLayout;
import org.openjdk.jol.layouters.HotSpotLayouter;

/** Fields that different threads write lie two cache lines apart, since the prefetcher takes lines in pairs. */
class LayoutTest {
    private static final long APART = 128;
    private static final Set<String> NEVER_WRITTEN = Set.of("parker");

    @Test
    void shouldKeepTailApartFromCopyOfHeadAndFromNeighbours() {
        assertApart(ProducerFields.class, List.of(Set.of("tail"), Set.of("headPositionCache", "headSlotCache")));
    }

    @Test
    void shouldKeepHeadApartFromNeighbours() {
        assertApart(
                ConsumerFields.class,
                List.of(Set.of(
                        "headPosition",
                        "headSlot",
                        "regionStart",
                        "regionEnd",
                        "regionEndSlot",
                        "readRecords",
                        "abortedRecords",
                        "unblockedRecords",
                        "reading")));
    }

    @Test
    void shouldKeepBroadcastApartFromNeighbours() {
        assertApart(BroadcastFields.class, List.of(Set.of("tail", "oldest")));
    }

    @Test
    void shouldKeepDoorbellApartFromNeighbours() {
        assertApart(Doorbell.class, List.of(Set.of("state")));
    }

    private static void assertApart(final Class<?> type, final List<Set<String>> groups) {
        final ClassLayout layout =
                new HotSpotLayouter(new ModelVM(), Runtime.version().feature()).layout(ClassData.parseClass(type));
        long end = layout.headerSize() - APART;
        final TreeMap<Long, FieldLayout> byOffset = new TreeMap<>();
        for (final FieldLayout field : layout.fields()) {
            if (!field.name().matches("[a-z]\\d+") && !NEVER_WRITTEN.contains(field.name())) {
                byOffset.put(field.offset(), field);
            }
        }
        Set<String> group = Set.of();
        for (final FieldLayout field : byOffset.values()) {
            if (!group.contains(field.name())) {
                assertTrue(field.offset() - end >= APART, field.name() + " is too near in " + layout.toPrintable());
                group = groups.stream()
                        .filter(g -> g.contains(field.name()))
                        .findFirst()
                        .orElseThrow();
            }
            end = field.offset() + field.size();
        }
        assertEquals(groups.stream().mapToInt(Set::size).sum(), byOffset.size(), "every field that is no padding");
        assertTrue(layout.instanceSize() - end >= APART, "room behind in " + layout.toPrintable());
    }
}
