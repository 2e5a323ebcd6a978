package io.postpaid.document;

import io.postpaid.template.TemplateFiles;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Measures documents a second: {@code Speed THREADS SECONDS}. */
final class Speed {
    private Speed() {}

    public static void main(String[] arguments) throws InterruptedException {
        var renderer = PdfRenderer.load(TemplateFiles.builtIn());
        var count = new java.util.concurrent.atomic.LongAdder();
        for (int round = 0; round < 4; round++) {
            count.reset();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
            try (var threads = Executors.newFixedThreadPool(Integer.parseInt(arguments[0]))) {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    threads.execute(() -> {
                        while (System.nanoTime() < end) {
                            renderer.render(Samples.typical());
                            count.increment();
                        }
                    });
                }
            }
            System.out.println(count.sum() / Long.parseLong(arguments[1]) + " documents/s");
        }
    }
}
