package io.postpaid.billing.document;

import io.postpaid.platform.template.TemplateFiles;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Measures documents a second: {@code Speed THREADS SECONDS}. */
final class Speed {
    private Speed() {}

    public static void main(String[] arguments) throws InterruptedException {
        var renderer = PdfRenderer.load(TemplateFiles.builtIn());
        var count = new LongAdder();
        var cpu = new LongAdder();
        for (int round = 0; round < 4; round++) {
            count.reset();
            cpu.reset();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
            try (var threads = Executors.newFixedThreadPool(Integer.parseInt(arguments[0]))) {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    threads.execute(() -> {
                        long before = threadTime();
                        while (System.nanoTime() < end) {
                            renderer.render(Samples.typical());
                            count.increment();
                        }
                        cpu.add(threadTime() - before);
                    });
                }
            }
            System.out.println(count.sum() / Long.parseLong(arguments[1]) + " documents/s, "
                    + cpu.sum() / 1_000 / Math.max(1, count.sum()) + " µs of CPU each");
        }
    }

    private static long threadTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
