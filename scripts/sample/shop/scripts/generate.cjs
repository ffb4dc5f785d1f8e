// The vendor's tool runs this before it builds: a storefront generates the types of its queries here, the sample has none.
