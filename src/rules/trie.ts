interface TrieNode<T> {
  value?: T;
  children?: Map<number, TrieNode<T>>;
}

/**
 * Values by text key, found by walking a text. A lookup costs the length of the text, however many keys there are.
 */
export class Trie<T> {
  private readonly root: TrieNode<T> = {};

  /** The value of a key; made on first use. */
  at(key: string, make: () => T): T {
    let node = this.root;
    for (let index = 0; index < key.length; index += 1) {
      const code = key.charCodeAt(index);
      node.children ??= new Map();
      let child = node.children.get(code);
      if (child === undefined) {
        child = {};
        node.children.set(code, child);
      }
      node = child;
    }
    node.value ??= make();
    return node.value;
  }

  /** Values of all keys with which the text continues at `start`. */
  prefixesOf(text: string, start = 0): T[] {
    return this.walk(text, start, 1);
  }

  /** Values of all keys that are suffixes of the text. Keys must have been added reversed. */
  suffixesOf(text: string): T[] {
    return this.walk(text, text.length - 1, -1);
  }

  private walk(text: string, start: number, step: 1 | -1): T[] {
    const values: T[] = [];
    let node: TrieNode<T> | undefined = this.root;
    for (let index = start; node !== undefined; index += step) {
      if (node.value !== undefined) values.push(node.value);
      node = node.children?.get(text.charCodeAt(index));
    }
    return values;
  }
}
