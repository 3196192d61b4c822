import TestSupport
import Testing

@testable import Keyspace

/// Keys as the cache back ends of frameworks write them: what each reads as is what its heir wants to see.
@Suite struct FrameworkKeysTests {
  struct Framework: Sendable, CustomTestStringConvertible {
    var name: String
    var schema: String?
    /// The templates that the keys come to.
    var templates: Set<String>
    /// The entities that the keys come to.
    var entities: Set<String>
    /// Makes the keys with this number.
    var keys: @Sendable (Int, inout SeededGenerator) -> [String]
    var testDescription: String { name }
  }

  static let base62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
  static let base36 = "0123456789abcdefghijklmnopqrstuvwxyz"

  static let web: [Framework] = [
    Framework(
      name: "Laravel",
      templates: [
        "laravel_cache:user:*", "laravel_cache:framework/schedule-*", "laravel_cache:*:timer",
        "laravel_cache:tag:*:entries",
        "laravel_cache:*", "laravel_database_queues:*:notify", "laravel_horizon:*",
        "laravel_horizon:failed:*",
        "laravel_session:*", "laravel_cache:illuminate:queue:restart",
      ],
      entities: [
        "laravel_cache:user", "laravel_cache", "laravel_cache:framework/schedule", "laravel_cache:tag",
        "laravel_database_queues",
        "laravel_horizon", "laravel_horizon:failed", "laravel_session",
        "laravel_cache:illuminate:queue:restart",
      ]
    ) { number, random in
      [
        "laravel_cache:user:\(number)", "laravel_cache:framework/schedule-\(random.hex(40))",
        "laravel_cache:\(random.hex(40)):timer",
        "laravel_cache:tag:users:entries", "laravel_cache:\(random.hex(40))",
        "laravel_database_queues:default:notify",
        "laravel_horizon:\(random.uuid())", "laravel_horizon:failed:\(random.uuid())",
        "laravel_session:\(random.token(base62, 40))", "laravel_cache:illuminate:queue:restart",
      ]
    },
    Framework(
      name: "Laravel, prefix with a dash", templates: ["laravel-cache-user_*", "laravel-cache-*"],
      entities: ["laravel-cache-user", "laravel-cache"]
    ) { number, random in ["laravel-cache-user_\(number)", "laravel-cache-\(random.hex(40))"] },
    Framework(
      name: "Django",
      templates: [
        ":1:views.decorators.cache.cache_page..GET.*.*.en-us.UTC",
        ":1:views.decorators.cache.cache_header..*.en-us.UTC",
        ":1:template.cache.sidebar.*", ":1:user_*", ":1:django.contrib.sessions.cache*",
      ],
      entities: [
        ":1:views.decorators.cache.cache_page..GET", ":1:views.decorators.cache.cache_header",
        ":1:template.cache.sidebar", ":1:user", ":1:django.contrib.sessions.cache",
      ]
    ) { number, random in
      [
        ":1:views.decorators.cache.cache_page..GET.\(random.hex(32)).\(random.hex(32)).en-us.UTC",
        ":1:views.decorators.cache.cache_header..\(random.hex(32)).en-us.UTC",
        ":1:template.cache.sidebar.\(random.hex(32))", ":1:user_\(number)",
        ":1:django.contrib.sessions.cache\(random.token(base36, 32))",
      ]
    },
    Framework(
      name: "Django by its schema", schema: "django",
      templates: [
        "shop:1:views.decorators.cache.cache_page..GET.*.*.zh-hans.America/Argentina/Buenos_Aires",
        "shop:2:user.*", "shop:2:menu",
      ],
      entities: ["shop:1:views.decorators.cache.cache_page..GET", "shop:2:user", "shop:2:menu"]
    ) { number, random in
      [
        "shop:1:views.decorators.cache.cache_page..GET.\(random.hex(32)).\(random.hex(32)).zh-hans.America/Argentina/Buenos_Aires",
        "shop:2:user.\(number)", "shop:2:menu",
      ]
    },
    Framework(
      name: "Rails",
      templates: [
        "views/users/show:*/users/*", "views/users/index:*/users/query-*", "shop:session:2::*",
        "rack::attack:*:req/ip:*",
      ],
      entities: ["views/users/show", "views/users/index", "shop:session:2", "rack::attack"]
    ) { number, random in
      [
        "views/users/show:\(random.hex(32))/users/\(number)-20240101120000",
        "views/users/index:\(random.hex(32))/users/query-\(random.hex(32))-5-20240101120000123456",
        "shop:session:2::\(random.hex(64))",
        "rack::attack:\(28_000_000 + number):req/ip:10.0.\(number % 250).7",
      ]
    },
    Framework(
      name: "Spring",
      templates: [
        "users::*", "users::SimpleKey []", "spring:session:sessions:*", "spring:session:sessions:expires:*",
        "spring:session:expirations:*",
        "spring:session:index:org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME:*",
      ],
      entities: [
        "users", "users::SimpleKey []", "spring:session:sessions", "spring:session:sessions:expires",
        "spring:session:expirations",
        "spring:session:index:org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME",
      ]
    ) { number, random in
      [
        "users::\(number)", "users::SimpleKey []", "spring:session:sessions:\(random.uuid())",
        "spring:session:sessions:expires:\(random.uuid())",
        "spring:session:expirations:17000000\(10000 + number)0",
        "spring:session:index:org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME:"
          + "user\(number)@example.com",
      ]
    },
    Framework(
      name: "Symfony", templates: ["Ab1+cd0XyZ:item_*", "Ab1+cd0XyZ:tags", "Ab1+cd0XyZ:stats"],
      entities: ["Ab1+cd0XyZ:item", "Ab1+cd0XyZ:tags", "Ab1+cd0XyZ:stats"]
    ) { number, random in
      ["Ab1+cd0XyZ:item_\(number)", "Ab1+cd0XyZ:tags", "Ab1+cd0XyZ:stats"]
    },
    Framework(
      name: "Magento",
      templates: [
        "zc:k:0c7_CONFIG", "zc:k:0c7_LAYOUT_*", "zc:ti:0c7_CATALOG_PRODUCT_*", "zc:tags", "zc:k:*",
      ],
      entities: ["zc:k", "zc:k:0c7_CONFIG", "zc:k:0c7_LAYOUT", "zc:ti:0c7_CATALOG_PRODUCT", "zc:tags"]
    ) { number, random in
      [
        "zc:k:0c7_CONFIG", "zc:k:0c7_LAYOUT_\(random.hex(40).uppercased())",
        "zc:ti:0c7_CATALOG_PRODUCT_\(number)", "zc:tags",
        "zc:k:0c7_\(random.hex(40).uppercased())",
      ]
    },
    Framework(
      name: "WordPress",
      templates: [
        "wp:options:alloptions", "wp:options:notoptions", "wp:posts:*", "wp:post_meta:*", "wp:user_meta:*",
        "wp:transient:feed_*",
      ],
      entities: [
        "wp:options:alloptions", "wp:options:notoptions", "wp:posts", "wp:post_meta", "wp:user_meta",
        "wp:transient:feed",
      ]
    ) { number, random in
      [
        "wp:options:alloptions", "wp:options:notoptions", "wp:posts:\(number)", "wp:post_meta:\(number)",
        "wp:user_meta:\(number)",
        "wp:transient:feed_\(random.hex(32))",
      ]
    },
    Framework(
      name: "Drupal",
      templates: [
        "drupal.redis.10.2.1..site_:config:system.site",
        "drupal.redis.10.2.1..site_:render:entity_view:node:*:full:*",
      ],
      entities: [
        "drupal.redis.10.2.1..site_:config:system.site", "drupal.redis.10.2.1..site_:render:entity_view:node",
      ]
    ) { number, random in
      [
        "drupal.redis.10.2.1..site_:config:system.site",
        "drupal.redis.10.2.1..site_:render:entity_view:node:\(number):full:\(random.hex(64))",
      ]
    },
    Framework(
      name: "PHP sessions", templates: ["PHPREDIS_SESSION:*"], entities: ["PHPREDIS_SESSION"]
    ) { _, random in
      ["PHPREDIS_SESSION:\(random.token("0123456789abcdefghijklmnopqrstuv", 26))"]
    },
    Framework(name: "express", templates: ["sess:*"], entities: ["sess"]) { _, random in
      ["sess:\(random.token(base62 + "-_", 32))"]
    },
    Framework(
      name: "ASP.NET", templates: ["shop_*_Data", "shop_*_Internal", "Shop.Carts.*"],
      entities: ["shop", "Shop.Carts"]
    ) { number, random in
      let id = random.token("abcdefghijklmnopqrstuvwxyz012345", 24)
      return ["{shop_\(id)}_Data", "{shop_\(id)}_Internal", "Shop.Carts.\(number)"]
    },
    Framework(
      name: "Next.js",
      templates: [
        "/blog/*", "/_next/data/*/en-US.json", "/products/*/reviews", "nextjs:/shop/*", "nextjs:fetch:*",
      ],
      entities: ["/blog", "/_next/data", "/products", "nextjs:/shop", "nextjs:fetch"]
    ) { number, random in
      [
        "/blog/\(number)", "/_next/data/Xk39sLq0ZpV7tYw2bN4mR/en-US.json", "/products/\(number)/reviews",
        "nextjs:/shop/\(number)",
        "nextjs:fetch:\(random.hex(64))",
      ]
    },
  ]

  static let work: [Framework] = [
    Framework(
      name: "Sidekiq",
      templates: [
        "queue:*", "queues", "schedule", "retry", "stat:processed", "stat:processed:*", "processes",
        "worker-*:*:*", "*",
      ],
      entities: ["queue", "none", "stat:processed", "worker-*"]
    ) { number, random in
      [
        "queue:default", "queues", "schedule", "retry", "stat:processed",
        "stat:processed:2026-01-\(10 + number % 20)", "processes",
        "worker-\(number % 9):\(1000 + number):\(random.hex(12))", "b-\(random.token(base62, 22))",
      ]
    },
    Framework(
      name: "Celery",
      templates: [
        "celery-task-meta-*", "celery", "_kombu.binding.*", "unacked_mutex", "*.reply.celery.pidbox",
      ],
      entities: ["celery-task-meta", "none", "_kombu.binding", "*.reply.celery.pidbox"]
    ) { _, random in
      [
        "celery-task-meta-\(random.uuid())", "celery", "_kombu.binding.celery", "unacked_mutex",
        "\(random.uuid()).reply.celery.pidbox",
      ]
    },
    Framework(
      name: "RQ", templates: ["rq:job:*", "rq:queue:*", "rq:worker:*", "rq:finished:*"],
      entities: ["rq:job", "rq:queue", "rq:worker", "rq:finished"]
    ) { _, random in
      ["rq:job:\(random.uuid())", "rq:queue:default", "rq:worker:\(random.hex(32))", "rq:finished:default"]
    },
    Framework(
      name: "BullMQ",
      templates: [
        "bull:*:*", "bull:*:*:logs", "bull:*:wait", "bull:*:meta", "bull:*:repeat:*:*",
      ],
      entities: ["bull"]
    ) { number, random in
      [
        "{bull:mail}:\(number)", "bull:mail:\(number):logs", "bull:mail:wait", "bull:mail:meta",
        "bull:mail:repeat:\(random.hex(32)):17000000\(10000 + number)00",
      ]
    },
    Framework(
      name: "asynq", templates: ["asynq:*:t:*", "asynq:*:pending", "asynq:servers:*"],
      entities: ["asynq", "asynq:servers"]
    ) { _, random in
      [
        "asynq:{default}:t:\(random.uuid())", "asynq:{default}:pending", "asynq:servers:{\(random.uuid())}",
      ]
    },
    Framework(
      name: "Redisson",
      templates: [
        "myLock", "redisson_lock_queue:*", "redisson__timeout__set:*", "redisson:tomcat_session:*",
        "*:redisson_options",
      ],
      entities: [
        "none", "redisson_lock_queue", "redisson__timeout__set", "redisson:tomcat_session",
        "*:redisson_options",
      ]
    ) { _, random in
      [
        "myLock", "redisson_lock_queue:{myLock}", "redisson__timeout__set:{orders}",
        "redisson:tomcat_session:\(random.hex(32).uppercased())", "{orders}:redisson_options",
      ]
    },
    Framework(
      name: "rate limiters",
      templates: [
        "ratelimit:*", "ratelimit:login:*:*", "rl:api:*", "throttle:*:burst", "rate-limit:user:*",
      ],
      entities: ["ratelimit", "ratelimit:login", "rl:api", "throttle", "rate-limit:user"]
    ) { number, random in
      [
        "ratelimit:10.\(number % 200).3.7", "ratelimit:login:user\(number)@example.com:60",
        "rl:api:2001:db8:\(random.hex(3))a::\(random.hex(4)):\(random.hex(3))f:1",
        "throttle:fe80::\(random.hex(3))c:burst",
        "rate-limit:user:\(random.uuid())",
      ]
    },
    Framework(
      name: "Stripe and git", templates: ["cus:cus_*", "sub:sub_*:items", "build:*", "build:main:*"],
      entities: ["cus:cus", "sub:sub", "build", "build:main"]
    ) { _, random in
      [
        "cus:cus_\(random.token(base62, 24))", "sub:sub_\(random.token(base62, 24)):items",
        "build:\(random.hex(40))",
        "build:main:\(random.hex(40))",
      ]
    },
  ]

  @Test(arguments: web + work) func readsWhatFrameworksWrite(framework: Framework) throws {
    let schemas = try framework.schema.map { try KeySchema.parse($0) } ?? []
    // The framework's keys hold random tokens, a few of which read as words: another stream may draw one.
    var random = SeededGenerator(state: 404)
    var keys: [String] = []
    for number in 1...60 { keys += framework.keys(number, &random) }
    keys.shuffle(using: &random)
    let templates = KeyGrouping.names(keys, .template(), schemas: schemas)
    #expect(Set(templates.keys).subtracting(framework.templates) == [])
    #expect(framework.templates.subtracting(templates.keys) == [])
    let entities = KeyGrouping.names(keys, .entity, schemas: schemas)
    #expect(Set(entities.keys) == framework.entities)
    #expect(entities.values.reduce(0, +) == keys.count)
  }
}
