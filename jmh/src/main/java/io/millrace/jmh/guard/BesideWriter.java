package io.millrace.jmh.guard;

import io.millrace.jmh.session.ListBenchmark;
import io.millrace.jmh.session.Place;

/** Lists while another thread writes without a pause. */
final class BesideWriter implements Side {
    private final ListBenchmark run;
    private final int lists;
    private volatile boolean running;
    private Thread writer;

    BesideWriter(final ListBenchmark run, final int lists) {
        this.run = run;
        this.lists = lists;
    }

    @Override
    public void start() {
        run.fill();
        running = true;
        writer = new Thread(this::write, "writer");
        writer.start();
    }

    private void write() {
        final Place place = new Place();
        while (running) {
            run.writeBesideList(place);
        }
    }

    @Override
    public long work() {
        for (int i = 0; i < lists; i++) {
            final int size = run.list().size();
            if (size != run.entries) {
                throw new IllegalStateException("a list is not whole: size=" + size + " entries=" + run.entries);
            }
        }
        return lists;
    }

    @Override
    public void stop() throws InterruptedException {
        running = false;
        writer.join();
    }
}
