import { withBase } from 'vitepress';
import { defineComponent, h, onMounted, onUnmounted, ref } from 'vue';

/**
 * The demo of the front page. Its code is loaded when a reader sees it, and not before. A reader who asked for less motion starts it with
 * a button.
 */
export const FrontDemo = defineComponent(() => {
  const place = ref<HTMLElement>();
  const state = ref<'waiting' | 'asking' | 'started' | 'failed'>('waiting');
  const start = async () => {
    try {
      await import(/* @vite-ignore */ new URL(withBase('/playground/demo.js'), location.href).href);
      state.value = 'started';
    } catch {
      state.value = 'failed';
    }
  };
  let observer: IntersectionObserver | undefined;
  onMounted(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      state.value = 'asking';
      return;
    }
    observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer?.disconnect();
      void start();
    });
    observer.observe(place.value!);
  });
  onUnmounted(() => observer?.disconnect());
  return () =>
    h('section', { ref: place, class: 'front-demo', 'aria-labelledby': 'front-demo-title' }, [
      h('h2', { id: 'front-demo-title' }, 'Two tasks, trained while you read'),
      state.value === 'asking' &&
        h('button', { type: 'button', class: 'demo-again', onClick: start }, 'Train the two tasks'),
      state.value === 'failed' && h('p', 'The demo could not be loaded.'),
      state.value === 'started' && h('polytask-demo'),
      h('p', [
        h('a', { href: withBase('/playground/see.html'), target: '_self' }, 'Change the tasks, and guess who wins'),
      ]),
    ]);
});

/** The one command of the front page. */
export const FrontCommand = () => h('p', { class: 'front-command' }, h('code', 'npx polytask bench'));
